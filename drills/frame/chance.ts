/** Chance from a seed: numbers in [0, 1), the same for the same seed (Mulberry32). */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Says yes to a share of the calls, evenly spread: after n calls it has said yes exactly ⌈n · share⌉ times, so a
 * promised share is never nothing and a run's counts are known before it starts.
 */
export function everyShare(share: number): () => boolean {
  let calls = 0;
  return () => {
    calls += 1;
    return countOfShare(calls, share) > countOfShare(calls - 1, share);
  };
}

/** ⌈calls · share⌉, deaf to the last bits of floating point. */
export function countOfShare(calls: number, share: number): number {
  return Math.max(0, Math.ceil(calls * share - 1e-6));
}
