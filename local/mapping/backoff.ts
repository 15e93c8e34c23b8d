import type { Clock } from "../../src/clock.ts";

/** Pauses that grow: half of each is fixed and half is chance, so that many who failed together do not return together. */
export interface Backoff {
  /** The next pause in milliseconds; each is drawn from twice the last range. */
  nextMs(): number;
  /** It worked: begin again. */
  reset(): void;
}

/** Makes a `Backoff` between `firstMs` and `maxMs`. */
export function createBackoff(clock: Clock, { firstMs, maxMs }: { firstMs: number; maxMs: number }): Backoff {
  let failures = 0;
  return {
    nextMs() {
      const rangeMs = Math.min(maxMs, firstMs * 2 ** Math.min(failures++, 30));
      return Math.round(rangeMs / 2 + (clock.random() * rangeMs) / 2);
    },
    reset() {
      failures = 0;
    },
  };
}
