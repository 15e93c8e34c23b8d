import { bucketOf } from "../../digest/index.ts";
import type { Block, Line } from "../../segments/index.ts";
import { type EntryIndex, entryIndex } from "../entry-index.ts";
import { atOnce } from "./at-once.ts";
import { type FoundLine, foundLine } from "./found-line.ts";
import type { PlacedSegment, SealedBook } from "./sealed-book.ts";

/** Lines by the buckets of their keys, wherever they are: 40 bytes each. */
export interface LineIndex {
  readonly index: EntryIndex;
  readonly lines: number;
  ofKey(key: string): Promise<readonly FoundLine[]>;
  /** The line that was indexed with this `at`. */
  lineAt(at: number): Promise<FoundLine>;
}

/** A block, and the segment that it is in. */
export interface PlacedBlock {
  readonly segment: PlacedSegment;
  readonly block: Block;
}

const blocksAtOnce = 8;
/** A block has fewer lines than this: its number and a line's make one number. */
const linesPerBlock = 2 ** 20;

/** Reads some blocks, and indexes lines of theirs that have an entry: with the hash that `hashOf` answers, if any. */
export async function lineIndex(
  book: SealedBook,
  blocks: readonly PlacedBlock[],
  hashOf: (line: Line, at: number) => { readonly span: number; readonly hash: string } | undefined,
): Promise<LineIndex> {
  const index = entryIndex(book.segments.grainMs);
  let lines = 0;
  await atOnce([...blocks.entries()], blocksAtOnce, async ([nth, { segment, block }]) => {
    for (const [inBlock, line] of (await book.lines(segment, block)).entries()) {
      const at = nth * linesPerBlock + inBlock;
      const known = line.entry && hashOf(line, at);
      if (!line.entry || !known) continue;
      index.add({ ...known, bucket: bucketOf(line.entry.key), at });
      lines++;
    }
  });
  index.order();

  const lineAt = async (at: number): Promise<FoundLine> => {
    const { segment, block } = blocks[Math.floor(at / linesPerBlock)] as PlacedBlock;
    const nth = at % linesPerBlock;
    return foundLine((await book.lines(segment, block))[nth] as Line, segment, block, nth);
  };
  return {
    index,
    lines,
    lineAt,
    async ofKey(key) {
      const found: FoundLine[] = [];
      for (const place of index.inBucket(bucketOf(key))) {
        const one = await lineAt(index.at(place));
        if (one.entry.key === key) found.push(one);
      }
      return found;
    },
  };
}
