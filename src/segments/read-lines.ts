import { identitySet } from "./identity-set.ts";
import type { Line } from "./line.ts";
import { listSpans } from "./list-spans.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { newLines } from "./new-lines.ts";
import type { Offset } from "./offset.ts";
import { onceIn } from "./once.ts";
import { listRaw } from "./raw-objects.ts";
import { readBlocks, readSidecarOf } from "./read-block.ts";
import { sealedSpans } from "./sealed-spans.ts";
import type { Segments } from "./segments.ts";
import type { Block } from "./sidecar.ts";
import { spanStartMs } from "./span.ts";

/** A queue keeps a message no longer than that, so nothing is archived later after its time. */
const longestLateMs = 14 * 86_400_000;
/** Blocks that are fetched by one range of bytes. */
const blocksAtOnce = 8;

export interface ReadOptions {
  /** Begins at this offset, itself included. */
  readonly from?: Offset;
  /** Lines of these effective times alone: from `fromMs` on, before `toMs`. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Whether spans that are not sealed yet are read too; their lines have no offset. @default true */
  readonly unsealed?: boolean;
}

/** A line, and its offset where it has one. */
export interface ReadLine {
  readonly line: Line;
  readonly offset: Offset | undefined;
}

/**
 * Reads lines span by span, in the order of offsets, and inside of a segment by time; spans that are not sealed yet come last
 * and as they would be sealed now, each identity once. Memory holds a few blocks. What is written meanwhile may or may not be seen.
 *
 * Blocks and raw objects without any time that is asked for are not fetched: of a copy that names another time, and is not sealed
 * yet, nothing is known then.
 */
export async function* readLines(
  segments: Segments,
  options: ReadOptions = {},
): AsyncGenerator<readonly ReadLine[]> {
  const { from, fromMs = 0, toMs = Number.POSITIVE_INFINITY, unsealed = true } = options;
  const { reachMs, spanMs } = segments;
  const beginMs = Math.max(from ? (spanStartMs(from.span) ?? 0) : 0, fromMs - reachMs - spanMs);
  const known = identitySet();
  const sealed = sealedSpans(segments);
  const isAsked = ({ timeMs }: Line) => timeMs >= fromMs && timeMs < toMs;

  for await (const span of listSpans(segments, { fromMs: beginMs })) {
    const startMs = spanStartMs(span) ?? 0;
    if (startMs > toMs + longestLateMs) return;
    const found = await readManifest(segments, span);
    if (found) {
      sealed.remember(found.manifest);
      sealed.forgetBefore(startMs - reachMs);
      for await (const page of sealedLines(segments, found.manifest, { from, fromMs, toMs })) {
        yield page.filter(({ line }) => isAsked(line));
      }
    } else if (unsealed) {
      // This one may be sealed since its manifest was asked for.
      const others = (await sealed.around(startMs)).filter((other) => other.span !== span);
      const once = await onceIn(segments, startMs, others, known);
      const raws = (await listRaw(segments, span)).filter(
        (raw) => raw.lastMs >= fromMs && raw.firstMs < toMs,
      );
      for await (const { lines } of newLines(segments, span, raws, once)) {
        yield lines.filter(isAsked).map((line) => ({ line, offset: undefined }));
      }
    }
  }
}

/** The lines of a sealed span, of blocks that may hold any that are asked for. */
async function* sealedLines(
  segments: Segments,
  { span, segments: named }: Manifest,
  { from, fromMs, toMs }: { from: Offset | undefined; fromMs: number; toMs: number },
): AsyncGenerator<readonly ReadLine[]> {
  const inside = (one: { fromMs: number; toMs: number }) => one.toMs >= fromMs && one.fromMs < toMs;
  for (const [ordinal, segment] of named.entries()) {
    const begins = from?.span === span ? from : undefined;
    if (!inside(segment) || (begins && ordinal < begins.segment)) continue;
    const firstLine = begins?.segment === ordinal ? begins.line : 0;
    const { blocks } = await readSidecarOf(segments, span, segment.name);
    const wanted = blocks.filter((block) => inside(block) && block.line + block.lines > firstLine);
    for (const row of rowsOf(wanted)) {
      const read = await readBlocks(segments, span, segment.name, row);
      for (const [index, lines] of read.entries()) {
        const { line: first } = row[index] as Block;
        const placed = lines.map((bytes, at) => ({
          line: segments.kind.parse(bytes),
          offset: { span, segment: ordinal, line: first + at },
        }));
        yield first >= firstLine ? placed : placed.slice(firstLine - first);
      }
    }
  }
}

/** Blocks as rows in which each follows the one before it, so that a row is one range of bytes. */
function rowsOf(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const rows: Block[][] = [];
  for (const block of blocks) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    const follows = last?.offset !== undefined && last.offset + last.length === block.offset;
    if (row && follows && row.length < blocksAtOnce) row.push(block);
    else rows.push([block]);
  }
  return rows;
}
