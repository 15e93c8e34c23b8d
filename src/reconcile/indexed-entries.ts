import { bucketOf, type Entry, entryHash } from "../digest/index.ts";
import { entryIndex } from "./entry-index.ts";
import type { LedgerSource } from "./ports.ts";
import { sourceOverIndex } from "./source-over-index.ts";

/**
 * A source over entries at hand: a test's own, an answer that fits into memory. They are put in order once; from then on
 * the digest of any window that keeps to whole spans, or lies in one, is a difference of two running sums.
 *
 * `spanMs` must be that of the comparison.
 */
export function indexedEntries({
  name,
  entries,
  spanMs,
}: {
  readonly name: string;
  readonly entries: Iterable<Entry>;
  readonly spanMs: number;
}): LedgerSource {
  const all = [...entries];
  const index = entryIndex(spanMs);
  all.forEach((entry, at) => {
    const span = Math.floor(entry.timeMs / spanMs);
    index.add({ span, bucket: bucketOf(entry.key), hash: entryHash(entry, spanMs), at });
  });
  index.order();
  const read = (ats: readonly number[]) => ats.map((at) => all[at] as Entry);
  return sourceOverIndex({ name, spanMs, book: () => ({ index, read }) });
}
