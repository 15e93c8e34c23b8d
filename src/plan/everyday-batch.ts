import { lambda } from "../limits-of-aws.ts";
import { assumed } from "./assumptions.ts";
import { batchTime } from "./batch-time.ts";
import type { Load } from "./load.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";

/** What an invocation is on an ordinary day, when nothing waits. */
export interface EverydayBatch {
  readonly events: number;
  readonly ms: number;
}

/**
 * How many events an invocation gets while arrivals are steady: what comes to one of five pollers during its turn or
 * window; more where concurrency would not suffice otherwise, since then events wait for each other.
 */
export function everydayBatch(consumer: PlannedConsumer, load: Load): EverydayBatch {
  const { batchSize, batchWindowMs, concurrency } = consumer;
  const perPoller = load.arrivalsPerSecond / Math.min(lambda.startBatches, concurrency);
  const gathered = (perPoller * Math.max(batchWindowMs, assumed.turnMs)) / 1_000;
  let events = Math.min(batchSize, Math.max(1, gathered));
  const cycleMs = () => batchTime(consumer, load.handlerMs, Math.ceil(events)).ms + assumed.turnMs;
  while (events < batchSize && (load.arrivalsPerSecond * cycleMs()) / 1_000 / events > concurrency) {
    events = Math.min(batchSize, events * 1.1);
  }
  const [spacingMs = 0] = consumer.limits.map(({ parts = [] }) => (parts[0]?.spacingMicros ?? 0) / 1_000);
  const { ms } = batchTime(consumer, load.handlerMs, Math.ceil(events));
  return { events, ms: ms + (events - 1) * spacingMs };
}
