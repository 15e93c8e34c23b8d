import { identitySet } from "./identity-set.ts";
import type { Line } from "./line.ts";
import type { Manifest } from "./manifest.ts";
import { newLines } from "./new-lines.ts";
import type { Offset } from "./offset.ts";
import { onceIn } from "./once.ts";
import { listRaw } from "./raw-objects.ts";
import { readBlockBytes, readSidecarOf } from "./read-block.ts";
import { readSpans } from "./read-spans.ts";
import { sealedSpans } from "./sealed-spans.ts";
import type { Segments } from "./segments.ts";
import type { Block, Sidecar } from "./sidecar.ts";

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

/** Some lines that stand together, as they are read: no line of a block has been looked at. */
export type ReadPage = SealedPage | OpenPage;

/** A block of a sealed segment, unpacked. */
export interface SealedPage {
  readonly span: string;
  /** Its segment's place in the manifest. */
  readonly segment: number;
  readonly block: Block;
  /** So many of its lines stand before the offset that reading began at. */
  readonly skip: number;
  /** All of its lines, with their line feeds. */
  readonly bytes: Buffer;
}

/** Lines of a span that is not sealed, each once, as they will be sealed. */
export interface OpenPage {
  readonly span: string;
  readonly lines: readonly Line[];
}

/**
 * Reads block by block, span by span, in the order of offsets: blocks that may hold what is asked for, and some lines beside
 * it. For those who look at few lines, or into none: `readLines` parses each. `wanted` leaves out segments by what their sidecars
 * tell. Memory holds a few blocks. What is written meanwhile may or may not be seen.
 *
 * Blocks and raw objects without any time that is asked for are not fetched: of a copy that names another time, and is not sealed
 * yet, nothing is known then.
 */
export async function* readPages(
  segments: Segments,
  options: ReadOptions & { readonly wanted?: (sidecar: Sidecar) => boolean } = {},
): AsyncGenerator<ReadPage> {
  const { from, fromMs = 0, toMs = Number.POSITIVE_INFINITY, unsealed = true, wanted } = options;
  const known = identitySet();
  const sealed = sealedSpans(segments);

  for await (const { span, startMs, manifest } of readSpans(segments, { from, fromMs, toMs })) {
    if (manifest) {
      sealed.remember(manifest);
      sealed.forgetBefore(startMs - segments.reachMs);
      yield* sealedPages(segments, manifest, { from, fromMs, toMs, wanted });
    } else if (unsealed) {
      // This one may be sealed since its manifest was asked for.
      const others = (await sealed.around(startMs)).filter((other) => other.span !== span);
      const once = await onceIn(segments, startMs, others, known);
      const raws = (await listRaw(segments, span)).filter(
        (raw) => raw.lastMs >= fromMs && raw.firstMs < toMs,
      );
      for await (const { lines } of newLines(segments, span, raws, once)) yield { span, lines };
    }
  }
}

/** The blocks of a sealed span that may hold any lines that are asked for. */
async function* sealedPages(
  segments: Segments,
  { span, segments: named }: Manifest,
  {
    from,
    fromMs,
    toMs,
    wanted = () => true,
  }: {
    from: Offset | undefined;
    fromMs: number;
    toMs: number;
    wanted: ((sidecar: Sidecar) => boolean) | undefined;
  },
): AsyncGenerator<SealedPage> {
  const inside = (one: { fromMs: number; toMs: number }) => one.toMs >= fromMs && one.fromMs < toMs;
  for (const [ordinal, segment] of named.entries()) {
    const begins = from?.span === span ? from : undefined;
    if (!inside(segment) || (begins && ordinal < begins.segment)) continue;
    const firstLine = begins?.segment === ordinal ? begins.line : 0;
    const sidecar = await readSidecarOf(segments, span, segment.name);
    if (!wanted(sidecar)) continue;
    const blocks = sidecar.blocks.filter((block) => inside(block) && block.line + block.lines > firstLine);
    for (const row of rowsOf(blocks)) {
      const read = await readBlockBytes(segments, span, segment.name, row);
      for (const [index, bytes] of read.entries()) {
        const block = row[index] as Block;
        yield { span, segment: ordinal, block, skip: Math.max(0, firstLine - block.line), bytes };
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
