import type { SealedBook } from "./sealed-book.ts";

/** So many spans are looked back for one in which anything was written. */
const spansBack = 48;
/** This part of what was written last is older than the front: retries, redrives, what came late. */
const olderPart = 0.1;

/**
 * How far something has come that works through events in their order, more or less: nine of ten entries that it wrote in the
 * last sealed span are of this effective time or later. `undefined`: it has written nothing of late.
 *
 * `isIts` says of a set whether its entries are by the one who is asked about.
 */
export async function frontMs(
  book: SealedBook,
  isIts: (set: unknown) => boolean,
): Promise<number | undefined> {
  const { clock, spanMs, grainMs } = book.segments;
  const spans = await book.spans(clock.nowMs() - spansBack * spanMs);
  for (const { span, fromMs, segments } of spans.toReversed()) {
    const counts = new Map<number, number>();
    for (const [ordinal, one] of segments.entries()) {
      const { sets = [] } = await book.sidecar({ ...one, span, ordinal, writtenByMs: fromMs + spanMs });
      for (const { set, digests } of sets) {
        if (!isIts(set)) continue;
        for (const [grain, count] of digests) counts.set(grain, (counts.get(grain) ?? 0) + count);
      }
    }
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    let older = 0;
    for (const [grain, count] of [...counts].sort(([one], [other]) => one - other)) {
      older += count;
      if (older > all * olderPart) return grain * grainMs;
    }
  }
  return undefined;
}
