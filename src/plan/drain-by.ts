import { lambda } from "../limits-of-aws.ts";
import { limitRoom } from "./limit-room.ts";
import type { DrainBy, PlannedLimit } from "./planned-consumer.ts";

/**
 * A mapping, where the smallest there is (two invocations at once, one event each) fits into what every limit can reserve
 * ahead. What is slower would send events back and forth while starts go unused: a schedule then.
 */
export function drainBy(limits: readonly PlannedLimit[]): DrainBy {
  const isSlow = limits.some(
    ({ kind, count, windowMs, horizonMs, key }) =>
      kind === "rate" &&
      key === undefined &&
      horizonMs !== undefined &&
      limitRoom({ count, windowMs, horizonMs }) < lambda.minMaximumConcurrency,
  );
  return isSlow ? "schedule" : "mapping";
}

/** How a schedule drains. */
export const drainDefaults = {
  /** From one run to the next: the shortest that EventBridge Scheduler knows. */
  everyMs: 60_000,
  /** A run works that long where there is work: the one after it stands by for its last minute. */
  timeoutMs: 300_000,
  /** Shorter, and nobody is at work between the end of one run and the next. */
  leastTimeoutMs: 120_000,
} as const;
