import { atOnce } from "./at-once.ts";
import { type FoundLine, foundLine } from "./found-line.ts";
import { keptMap } from "./kept-map.ts";
import { type LineIndex, lineIndex } from "./line-index.ts";
import type { PlacedSegment, SealedBook, WrittenWithin } from "./sealed-book.ts";
import type { SealedSource } from "./sealed-source.ts";

const hourMs = 3_600_000;
const segmentsAtOnce = 16;
/** Lines of another time than their own that are indexed at once: 40 bytes each. */
const oddRoom = 1_000_000;
const nothing = "0".repeat(32);

/** Finds lines by their keys. */
export interface LineFinder {
  /**
   * The lines of each key, in the order asked; of each key the one that was told first comes first. Looks where they were seen,
   * and then, for those that are not there, among lines whose effective time is not their own. Without `seenMs` everything
   * is looked through.
   */
  find(keys: readonly string[], seenMs?: readonly number[]): Promise<readonly (readonly FoundLine[])[]>;
}

/** Makes a `LineFinder`; `oddWithin`: how far from where it was seen a line may be whose effective time is not its own. */
export function lineFinder({
  book,
  source,
  oddWithin,
}: {
  readonly book: SealedBook;
  readonly source: Pick<SealedSource, "grain">;
  readonly oddWithin: WrittenWithin;
}): LineFinder {
  const { grainMs } = book.segments;
  const oddLines = keptMap<string, LineIndex | undefined>(oddRoom, (index) => index?.lines ?? 1);
  const oddOf = (segment: PlacedSegment) =>
    oddLines.get(`${segment.span}/${segment.name}`, async () => {
      const { odd, blocks } = await book.sidecar(segment);
      if (odd === 0) return undefined;
      const placed = blocks.map((block) => ({ segment, block }));
      return lineIndex(book, placed, (line) => (line.odd ? { span: 0, hash: nothing } : undefined));
    });
  const near = async (key: string, atMs: number) =>
    (await source.grain(Math.floor(atMs / grainMs))).ofKey(key);
  const among = async (keys: readonly string[], segments: readonly PlacedSegment[]) => {
    const found = await atOnce(segments, segmentsAtOnce, async (segment) => {
      const index = await oddOf(segment);
      const lines: FoundLine[] = [];
      if (index) for (const key of keys) lines.push(...(await index.ofKey(key)));
      return lines;
    });
    return found.flat();
  };
  const everywhere = async (keys: ReadonlySet<string>) => {
    const found: FoundLine[] = [];
    for (const segment of await book.over(0, Number.MAX_SAFE_INTEGER)) {
      for (const block of (await book.sidecar(segment)).blocks) {
        for (const [nth, line] of (await book.lines(segment, block)).entries()) {
          if (line.entry && keys.has(line.entry.key)) found.push(foundLine(line, segment, block, nth));
        }
      }
    }
    return found;
  };

  return {
    async find(keys, seenMs) {
      const found = new Map<string, FoundLine[]>();
      const note = (lines: readonly FoundLine[]) => {
        for (const line of lines) {
          const known = found.get(line.entry.key);
          if (known) known.push(line);
          else found.set(line.entry.key, [line]);
        }
      };
      if (!seenMs) note(await everywhere(new Set(keys)));
      else {
        const asked = new Map(keys.map((key, index) => [key, seenMs[index] ?? 0]));
        for (const [key, atMs] of asked) note(await near(key, atMs));
        // Most are an event's way from where they were seen, and few are days off.
        for (const { beforeMs, afterMs } of [{ beforeMs: hourMs, afterMs: hourMs }, oddWithin]) {
          const missing = [...asked].filter(([key]) => !found.has(key));
          if (missing.length === 0) break;
          const times = missing.map(([, atMs]) => atMs);
          const segments = await book.over(Math.min(...times) - beforeMs, Math.max(...times) + afterMs);
          note(
            await among(
              missing.map(([key]) => key),
              segments,
            ),
          );
        }
      }
      for (const lines of found.values()) lines.sort(byOrder);
      return keys.map((key) => found.get(key) ?? []);
    },
  };
}

function byOrder({ line: one }: FoundLine, { line: other }: FoundLine): number {
  return one.order < other.order ? -1 : one.order > other.order ? 1 : 0;
}
