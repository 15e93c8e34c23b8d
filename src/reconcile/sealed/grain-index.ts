import { bucketOf, entryText, hashWords, textOf } from "../../digest/index.ts";
import { type EntryIndex, entryIndex } from "../entry-index.ts";
import { type LineIndex, lineIndex, type PlacedBlock } from "./line-index.ts";
import type { SealedBook } from "./sealed-book.ts";
import type { Selection } from "./selection.ts";

/** All lines of one grain that have an entry, and among them those that belong to the side: 80 bytes each. */
export interface GrainIndex extends LineIndex {
  /** Those that belong, by the same `at`s. */
  readonly selected: EntryIndex;
}

/** Reads all blocks of a grain and indexes their lines. */
export async function grainIndex(
  book: SealedBook,
  grain: number,
  selection: Pick<Selection, "ofLine">,
): Promise<GrainIndex> {
  const { grainMs } = book.segments;
  const blocks: PlacedBlock[] = [];
  for (const segment of await book.over(grain * grainMs, (grain + 1) * grainMs)) {
    for (const block of (await book.sidecar(segment)).blocks) {
      if (block.grain === grain) blocks.push({ segment, block });
    }
  }
  const selected = entryIndex(grainMs);
  const words = new Uint32Array(4);
  const all = await lineIndex(book, blocks, (line, at) => {
    const { key = "", fields = "" } = line.entry ?? {};
    hashWords(entryText(key, grain, fields), words);
    const one = { span: grain, hash: textOf(words) };
    if (selection.ofLine(line)) selected.add({ ...one, bucket: bucketOf(key), at });
    return one;
  });
  selected.order();
  return { ...all, selected };
}
