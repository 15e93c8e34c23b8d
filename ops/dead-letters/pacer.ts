import { type Clock, sleep } from "../../src/clock.ts";

/** Lets so many through in a second, and not more, however many ask at once. */
export interface Pacer {
  /** Resolves when `count` may start, or when the signal is aborted: then `false`. */
  turn(count: number, signal?: AbortSignal): Promise<boolean>;
}

/** A pacer of `perSecond`; what was not used is not saved up. */
export function createPacer(perSecond: number, clock: Clock): Pacer {
  let nextMs = 0;
  return {
    async turn(count, signal) {
      const nowMs = clock.nowMs();
      const startMs = Math.max(nowMs, nextMs);
      nextMs = startMs + (count * 1_000) / perSecond;
      if (startMs > nowMs) await sleep(clock, Math.ceil(startMs - nowMs), signal);
      return signal?.aborted !== true;
    },
  };
}
