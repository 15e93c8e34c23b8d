import { sqs } from "../limits-of-aws.ts";
import { type Drain, drain } from "./drain.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";
import type { Throughput } from "./throughput.ts";

/** An outage of what the handler calls, with nothing but retries to outlast it. Times in milliseconds. */
export interface OutagePlan {
  readonly forMs: number;
  /** Events that wait when it is over. */
  readonly backlog: number;
  /** Those of them that are hidden until their next try; the rest lies in the queue. */
  readonly parked: number;
  /** How often one event that came at its beginning is tried while it lasts, on average. */
  readonly tries: number;
  /** Tries a second when it ends. */
  readonly triesPerSecond: number;
  /** The longest that a parked event still waits when it is over. */
  readonly nextTryMs: number;
  /** From the end of the outage on. */
  readonly drain: Drain;
}

/** What an outage leaves, and how that goes. The mapping has grown to all of its concurrency by then. */
export function outage(
  forMs: number,
  arrivalsPerSecond: number,
  consumer: Pick<PlannedConsumer, "firstDelayMs" | "maxDelayMs" | "concurrency">,
  { at, quotas }: Throughput,
): OutagePlan {
  const backlog = (arrivalsPerSecond * forMs) / 1_000;
  const parked = Math.min(backlog, sqs.maxInFlight);
  const { tries, ceilingMs } = triesWithin(forMs, consumer);
  const drained = drain({
    backlog,
    arrivals: { spans: [], perSecond: arrivalsPerSecond },
    growth: [{ atMs: 0, lanes: consumer.concurrency }],
    perSecondAt: at,
    quotas,
  });
  return {
    forMs,
    backlog,
    parked,
    tries,
    triesPerSecond: ceilingMs > 0 ? parked / (ceilingMs / 2_000) : 0,
    nextTryMs: ceilingMs,
    drain: {
      ...drained,
      // However fast the rest goes: what has just been parked comes back by itself, and not before.
      drainedMs: drained.drainedMs === undefined ? undefined : Math.max(drained.drainedMs, ceilingMs),
    },
  };
}

/** Tries that begin within a time, when each delay is half of its ceiling; and the ceiling that was reached. */
function triesWithin(
  forMs: number,
  { firstDelayMs, maxDelayMs }: Pick<PlannedConsumer, "firstDelayMs" | "maxDelayMs">,
): { readonly tries: number; readonly ceilingMs: number } {
  if (forMs <= 0) return { tries: 0, ceilingMs: 0 };
  let tries = 1;
  let ceilingMs = Math.min(firstDelayMs, maxDelayMs);
  let passedMs = ceilingMs / 2;
  while (passedMs < forMs) {
    tries += 1;
    ceilingMs = Math.min(ceilingMs * 2, maxDelayMs);
    passedMs += ceilingMs / 2;
  }
  return { tries, ceilingMs };
}
