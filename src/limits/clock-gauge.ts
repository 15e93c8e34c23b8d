/** The `Date` header's grain: the store's time lies somewhere in the second it names. */
const grainMs = 1_000;
/** Older observations are forgotten: clocks drift, and are set right. */
const memoryMs = 60_000;

/**
 * Tells by how much our clock is off the store's, from calls that are made anyway. Each answer bounds the offset: the
 * store answered in the second that it names, between our sending and our receiving. Every answer narrows the bounds,
 * most of all those around the turn of a second; what all of them allow is what is known.
 */
export interface ClockGauge {
  /** Takes in one answer. */
  observe(sentMs: number, receivedMs: number, storeMs: number): void;
  /** The smallest offset that explains all that was seen, in milliseconds: positive where ours is ahead. */
  offsetMs(nowMs: number): number;
}

export function clockGauge(): ClockGauge {
  let samples: { readonly atMs: number; readonly lowMs: number; readonly highMs: number }[] = [];

  return {
    observe(sentMs, receivedMs, storeMs) {
      const sample = { atMs: receivedMs, lowMs: sentMs - storeMs - grainMs, highMs: receivedMs - storeMs };
      // What says less than a newer one will never be asked again.
      samples = samples.filter(
        (old) =>
          Math.abs(receivedMs - old.atMs) <= memoryMs &&
          (old.lowMs > sample.lowMs || old.highMs < sample.highMs),
      );
      samples.push(sample);
    },
    offsetMs(nowMs) {
      let lowMs = Number.NEGATIVE_INFINITY;
      let highMs = Number.POSITIVE_INFINITY;
      for (const sample of samples) {
        if (Math.abs(nowMs - sample.atMs) > memoryMs) continue;
        lowMs = Math.max(lowMs, sample.lowMs);
        highMs = Math.min(highMs, sample.highMs);
      }
      if (lowMs > 0) return lowMs;
      return Math.min(highMs, 0);
    },
  };
}
