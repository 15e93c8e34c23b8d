/**
 * Starts a second that 1, 2, … `lanes` invocations get out of a rate, while events wait.
 *
 * Each takes a batch, reserves its starts on one of `items` items, in turn, and comes back after them. In turn, they get out
 * of each other's way: who once had to wait comes later from then on. So each has a turn's time to itself, up to all that
 * the rate gives.
 *
 * `perSecond`: what the rate gives, all items together. `restMs`: what a batch takes from its last start until its lane
 * asks again.
 */
export function pacedThroughput({
  lanes,
  items,
  perSecond,
  batchSize,
  restMs,
}: {
  readonly lanes: number;
  readonly items: number;
  readonly perSecond: number;
  readonly batchSize: number;
  readonly restMs: number;
}): readonly number[] {
  const spacingMs = (items * 1_000) / perSecond;
  // The last start is the end of what is waited for; its distance to the next one is somebody else's.
  const turnMs = batchSize * spacingMs + Math.max(0, restMs - spacingMs);
  return Array.from({ length: lanes }, (_, index) =>
    Math.min(((index + 1) * batchSize * 1_000) / turnMs, perSecond),
  );
}
