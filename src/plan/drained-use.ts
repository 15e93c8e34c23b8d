import { assumed } from "./assumptions.ts";
import { batchTime } from "./batch-time.ts";
import { drainDefaults } from "./drain-by.ts";
import type { Load } from "./load.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";
import { monthSeconds } from "./prices.ts";

/** What the runs of a schedule do in a month of steady arrivals. Counts, and milliseconds of one run. */
export interface DrainedUse {
  readonly runs: number;
  /** Those that find something. */
  readonly busy: number;
  readonly eventsOfBusy: number;
  readonly busyMs: number;
  readonly idleMs: number;
}

/** A run that finds nothing asks the queue for its count. */
const idleMs = 100;
/** A busy one begins its first event after this. */
const aheadMs = 1_000;

/**
 * A run each minute; what came since the last one is started in it, a start behind the other. Nothing waits for longer, or
 * the load could not be carried.
 */
export function drainedUse(consumer: PlannedConsumer, load: Load): DrainedUse {
  const everySeconds = drainDefaults.everyMs / 1_000;
  const runs = monthSeconds / everySeconds;
  const perRun = load.arrivalsPerSecond * everySeconds;
  const eventsOfBusy = Math.max(1, perRun);
  const [spacingMs = 0] = consumer.limits
    .map(({ parts = [] }) => (parts[0]?.spacingMicros ?? 0) / 1_000)
    .sort((left, right) => right - left);
  const { callsMs } = batchTime(consumer, load.handlerMs, 1);
  return {
    runs,
    busy: runs * Math.min(1, perRun),
    eventsOfBusy,
    busyMs: aheadMs + (eventsOfBusy - 1) * spacingMs + callsMs + load.handlerMs + assumed.turnMs,
    idleMs,
  };
}
