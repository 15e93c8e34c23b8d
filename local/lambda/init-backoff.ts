import type { Clock } from "../../src/clock.ts";

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Keeps a function whose code does not load from starting environments without end: after a failure one is started at
 * a time, and no sooner than 100 ms, 200 ms, … 5 s after the last. `again` is called when a pause is over.
 */
export function createInitBackoff(clock: Clock, again: () => void) {
  let failures = 0;
  let notBeforeMs = 0;
  let cancel = () => {};
  return {
    /** Whether an environment may be started now, with so many starting already. */
    mayStart: (starting: number) => failures === 0 || (starting === 0 && clock.nowMs() >= notBeforeMs),
    failed() {
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures++);
      notBeforeMs = clock.nowMs() + pauseMs;
      cancel();
      cancel = clock.after(pauseMs, again);
    },
    succeeded() {
      failures = 0;
      cancel();
    },
  };
}
