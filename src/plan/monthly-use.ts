import { assumed } from "./assumptions.ts";
import { drainedUse } from "./drained-use.ts";
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
  /** Runs of a schedule, most of which find nothing; 0 behind a mapping. */
  readonly scheduledRuns: number;
}

/** Five pollers wait up to 20 s each for an empty queue. (services-sqs-scaling; long polling) */
const emptyReceives = (5 * monthSeconds) / 20;
/** Messages in one receive or delete. */
const together = 10;

/** A month of steady arrivals. Bursts and outages are exceptions, and cost what they are. */
export function monthlyUse(consumer: PlannedConsumer, load: Load, requestBytes: number): MonthlyUse {
  const events = load.arrivalsPerSecond * monthSeconds;
  const eventBytes = load.eventBytes ?? assumed.eventBytes;
  const chunks = (count: number) => Math.ceil((count * eventBytes) / requestBytes);
  if (consumer.drain === "schedule") {
    const { runs, busy, eventsOfBusy, busyMs, idleMs } = drainedUse(consumer, load);
    return {
      events,
      bytes: events * eventBytes,
      invocations: runs,
      gbSeconds: ((busy * busyMs + (runs - busy) * idleMs) * consumer.memoryMb) / 1_000 / 1_024,
      // Its count for each run and once more at the end of a busy one; sent, received and deleted one by one.
      queueRequests: runs + busy + events * (2 * chunks(1) + 1),
      eventsPerBatch: eventsOfBusy,
      batchMs: busyMs,
      scheduledRuns: runs,
    };
  }
  const batch = everydayBatch(consumer, load);
  const invocations = events / batch.events;
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
    scheduledRuns: 0,
  };
}
