import { type Clock, systemClock } from "../../src/clock.ts";

/** The machine's clock, running so many times faster: for what happens by the minute beside real processes. */
export function fastClock(times: number): Clock {
  const startMs = systemClock.nowMs();
  return {
    ...systemClock,
    nowMs: () => Math.round(startMs + (systemClock.nowMs() - startMs) * times),
    after: (delayMs, fire) => systemClock.after(delayMs / times, fire),
  };
}
