import { lambda } from "../limits-of-aws.ts";
import { assumed } from "./assumptions.ts";
import { type BatchTime, batchTime } from "./batch-time.ts";
import { drainedPace } from "./drained-pace.ts";
import { type LimitPace, limitPace } from "./limit-pace.ts";
import type { Load } from "./load.ts";
import { pacedThroughput } from "./paced-throughput.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";

/** What holds a consumer back when events wait. */
export type Bound = "concurrency" | "limit" | "groups" | "pollers";

/** How fast a consumer works off what waits. */
export interface Throughput {
  /** Events a second with so many invocations at once. */
  at(lanes: number): number;
  /** With all that it may have. */
  readonly perSecond: number;
  readonly bound: Bound;
  /** What its concurrency alone could do. */
  readonly unlimitedPerSecond: number;
  /** The rates it keeps, tightest first. */
  readonly rates: readonly LimitPace[];
  /** The quotas it keeps, tightest first. */
  readonly quotas: readonly LimitPace[];
  /** Provisioned mode: events a second of one poller. */
  readonly perPoller: number | undefined;
}

/** The throughput of a consumer under a load, batches full. */
export function throughput(consumer: PlannedConsumer, load: Load): Throughput {
  const { concurrency, batchSize, fifo, pollers } = consumer;
  const time = batchTime(consumer, load.handlerMs, batchSize);
  const cycleMs = time.ms + assumed.turnMs;
  // One batch of a group runs at a time.
  const groups = fifo ? (load.groups ?? concurrency) : Number.POSITIVE_INFINITY;
  const perPoller = pollers ? pollerThroughput(consumer, load, time.ms) : undefined;
  const polled = (perPoller ?? Number.POSITIVE_INFINITY) * (pollers?.maximum ?? 1);
  const unlimited = (lanes: number) => (Math.min(lanes, groups) * batchSize * 1_000) / cycleMs;

  const paces = consumer.limits.flatMap((limit) => limitPace(limit, consumer.sharers) ?? []);
  const tightest = paces.toSorted((one, other) => one.leftPerSecond - other.leftPerSecond);
  const rates = tightest.filter(({ limit }) => limit.kind === "rate");
  const [rate] = rates;
  const paced = rate && lanesOf(rate, consumer, load.handlerMs, time);

  if (consumer.drain === "schedule") {
    const { perSecond, unlimitedPerSecond } = drainedPace(consumer, rate, {
      handlerMs: load.handlerMs,
      callsMs: time.callsMs,
    });
    return {
      at: () => perSecond,
      perSecond,
      bound: perSecond < unlimitedPerSecond ? "limit" : "concurrency",
      unlimitedPerSecond,
      rates,
      quotas: tightest.filter(({ limit }) => limit.kind === "quota"),
      perPoller: undefined,
    };
  }

  const at = (lanes: number): number => {
    const whole = Math.max(1, Math.min(Math.floor(lanes), concurrency, groups));
    const limited = rate && paced ? Math.min(paced[whole - 1] ?? 0, rate.leftPerSecond) : undefined;
    return Math.min(limited ?? unlimited(whole), polled);
  };
  const perSecond = at(concurrency);
  // Within a twentieth of it, it is the rate that binds.
  const isRate = rate !== undefined && perSecond >= rate.leftPerSecond * 0.95;
  return {
    at,
    perSecond,
    bound: isRate
      ? "limit"
      : perSecond >= polled
        ? "pollers"
        : groups < concurrency
          ? "groups"
          : "concurrency",
    unlimitedPerSecond: Math.min(unlimited(concurrency), polled),
    rates,
    quotas: tightest.filter(({ limit }) => limit.kind === "quota"),
    perPoller,
  };
}

function lanesOf(
  { items, perSecond }: LimitPace,
  { concurrency, batchSize }: PlannedConsumer,
  handlerMs: number,
  { callsMs, handlersMs }: BatchTime,
): readonly number[] {
  const spreadMs = ((batchSize - 1) * items * 1_000) / perSecond + handlerMs;
  return pacedThroughput({
    lanes: concurrency,
    items,
    perSecond,
    batchSize,
    restMs:
      handlerMs +
      callsMs +
      assumed.leadMs +
      assumed.turnMs +
      // Handlers that run one after another may take longer than their starts are apart.
      Math.max(0, handlersMs - spreadMs),
  });
}

/** (with-sqs, provisioned mode: how many pollers a load needs) */
function pollerThroughput(consumer: PlannedConsumer, load: Load, batchMs: number): number {
  const { invocationsEach, receivesPerSecondEach, bytesPerSecondEach } = lambda.pollers;
  return Math.min(
    Math.ceil(bytesPerSecondEach / (load.eventBytes ?? assumed.eventBytes)),
    Math.ceil((invocationsEach * 1_000) / batchMs) * consumer.batchSize,
    receivesPerSecondEach * Math.min(10, consumer.batchSize),
  );
}
