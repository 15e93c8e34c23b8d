import { assumed } from "./assumptions.ts";
import { everydayBatch } from "./everyday-batch.ts";
import type { Load } from "./load.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";
import { monthSeconds } from "./prices.ts";

/** What a month of one consumer uses, whoever brings the events. Counts. */
export interface MonthlyUse {
  readonly events: number;
  readonly bytes: number;
  readonly invocations: number;
  readonly gbSeconds: number;
  /** Sends, receives and deletes of its queue, and what is asked of it while it is empty. */
  readonly queueRequests: number;
  readonly eventsPerBatch: number;
  readonly batchMs: number;
}

/** Five pollers wait up to 20 s each for an empty queue. (services-sqs-scaling; long polling) */
const emptyReceives = (5 * monthSeconds) / 20;
/** Messages in one receive or delete. */
const together = 10;

/** A month of steady arrivals. Bursts and outages are exceptions, and cost what they are. */
export function monthlyUse(consumer: PlannedConsumer, load: Load, requestBytes: number): MonthlyUse {
  const events = load.arrivalsPerSecond * monthSeconds;
  const eventBytes = load.eventBytes ?? assumed.eventBytes;
  const batch = everydayBatch(consumer, load);
  const invocations = events / batch.events;
  const chunks = (count: number) => Math.ceil((count * eventBytes) / requestBytes);
  const requestsOfBatch = Math.ceil(batch.events / together);
  const received = requestsOfBatch * chunks(Math.min(together, batch.events));
  return {
    events,
    bytes: events * eventBytes,
    invocations,
    gbSeconds: (invocations * batch.ms * consumer.memoryMb) / 1_000 / 1_024,
    queueRequests: events * chunks(1) + invocations * (received + requestsOfBatch) + emptyReceives,
    eventsPerBatch: batch.events,
    batchMs: batch.ms,
  };
}
