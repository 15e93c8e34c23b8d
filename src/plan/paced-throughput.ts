/**
 * Starts a second that 1, 2, … `lanes` invocations get out of a rate, while events wait.
 *
 * Each takes a batch, reserves its starts on one of `items` items, picked by chance, and comes back after them: a
 * closed queueing network. Its throughput follows by mean value analysis, lane by lane; service is even, so who comes
 * while another is served waits for half of it on average. (Reiser 1979, "A queueing network analysis of computer
 * communication networks with window flow control")
 *
 * `restMs`: what a batch takes from its last start until its lane asks again.
 */
export function pacedThroughput({
  lanes,
  items,
  spacingMs,
  batchSize,
  restMs,
}: {
  readonly lanes: number;
  readonly items: number;
  readonly spacingMs: number;
  readonly batchSize: number;
  readonly restMs: number;
}): readonly number[] {
  const servedMs = batchSize * spacingMs;
  // The last start is the end of what is waited for; its distance to the next one is somebody else's.
  const awayMs = Math.max(0, restMs - spacingMs);
  const perSecond: number[] = [];
  let queued = 0;
  let busy = 0;
  for (let lane = 1; lane <= lanes; lane++) {
    const answeredMs = servedMs * (1 + queued - busy / 2);
    const batchesPerMs = Math.min(lane / (awayMs + answeredMs), items / servedMs);
    queued = Math.max(0, (lane - batchesPerMs * awayMs) / items);
    busy = (batchesPerMs * servedMs) / items;
    perSecond.push(batchesPerMs * batchSize * 1_000);
  }
  return perSecond;
}
