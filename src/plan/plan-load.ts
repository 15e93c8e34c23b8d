import { dynamodb } from "../limits-of-aws.ts";
import { assumed } from "./assumptions.ts";
import { type BatchTime, batchTime } from "./batch-time.ts";
import type { Bill } from "./bill.ts";
import { type Drain, drain as drained } from "./drain.ts";
import { drainDefaults } from "./drain-by.ts";
import { growth } from "./growth.ts";
import { writesOfLimits, writesPerEvent } from "./ledger-writes.ts";
import { limitRoom } from "./limit-room.ts";
import { checkLoad, type Load } from "./load.ts";
import { monthlyBill } from "./monthly-bill.ts";
import { monthlyBillElsewhere } from "./monthly-bill-elsewhere.ts";
import { type OutagePlan, outage } from "./outage.ts";
import type { LimitSharer, PlannedConsumer, PlannedLimit } from "./planned-consumer.ts";
import { planRetries, type RetryPlan } from "./retries.ts";
import { type SnsQuota, snsQuota } from "./sns-quota.ts";
import { type Throughput, throughput } from "./throughput.ts";

/** What follows from a load for a consumer. Times in milliseconds. */
export interface LoadPlan {
  readonly load: Load;
  readonly consumer: PlannedConsumer;
  readonly batch: BatchTime;
  readonly throughput: Throughput;
  /** Invocations at once that ordinary arrivals need, batches full; `undefined` where no number of them does. */
  readonly lanesNeeded: number | undefined;
  readonly mapping: {
    readonly mode: "standard" | "provisioned" | "schedule";
    readonly startLanes: number;
    /** From quiet to all of its concurrency. */
    readonly grownMs: number;
  };
  readonly retries: RetryPlan;
  /** From its first event on. */
  readonly burst: (Drain & { readonly events: number }) | undefined;
  readonly outage: OutagePlan | undefined;
  /** Messages that its running batches hold. */
  readonly inFlight: number;
  readonly horizons: readonly HorizonCheck[];
  readonly sns: SnsQuota;
  readonly ledger: {
    /** Write units a second when it works as fast as it can. */
    readonly writesPerSecond: number;
    /** The partitions that takes: keys are hashes, so each gets its even part. */
    readonly partitions: number;
    /** Write units a second of the busiest item of a limit. */
    readonly writesPerLimitItem: number;
  };
  readonly bill: Bill;
  /** With EventBridge and Powertools' idempotency. */
  readonly billElsewhere: Bill;
}

/** Whether all that share a rate fit into its horizon together. */
export interface HorizonCheck {
  readonly limit: PlannedLimit;
  /** Starts that it can reserve ahead. */
  readonly room: number;
  /** Starts that may be asked for at one time. */
  readonly starts: number;
  readonly sharers: readonly LimitSharer[];
}

/** Works out what a load means for a consumer. Throws `SettingsError` on a load or retries that cannot be. */
export function planLoad(load: Load, consumer: PlannedConsumer): LoadPlan {
  checkLoad(load);
  const { concurrency, batchSize, pollers, fifo, mode, limits, drain } = consumer;
  const speed = throughput(consumer, load);
  const steps = growth(consumer);
  const [rate] = speed.rates;
  const peakPerSecond = Math.max(load.arrivalsPerSecond, load.burst?.perSecond ?? 0);
  const fastest = Math.min(speed.perSecond, peakPerSecond);
  const writesPerSecond = fastest * writesPerEvent(mode);
  return {
    load,
    consumer,
    batch: batchTime(consumer, load.handlerMs, batchSize),
    throughput: speed,
    lanesNeeded: lanesNeeded(speed, load.arrivalsPerSecond, concurrency),
    mapping: {
      mode: drain === "schedule" ? "schedule" : pollers ? "provisioned" : "standard",
      startLanes: steps[0]?.lanes ?? 1,
      grownMs: steps.at(-1)?.atMs ?? 0,
    },
    retries: planRetries(consumer),
    burst: load.burst && burstPlan(load.burst, load, consumer, speed),
    outage:
      load.outageMs === undefined
        ? undefined
        : outage(load.outageMs, load.arrivalsPerSecond, consumer, speed),
    inFlight: drain === "schedule" ? consumer.parallel : concurrency * batchSize,
    horizons: drain === "schedule" ? [] : limits.flatMap((limit) => horizonOf(limit, consumer) ?? []),
    sns: snsQuota(consumer.region, peakPerSecond, fifo),
    ledger: {
      writesPerSecond,
      partitions: Math.ceil(writesPerSecond / dynamodb.partitionWritesPerSecond),
      writesPerLimitItem: rate
        ? (fastest / batchSize / rate.items) * (writesOfLimits(limits.length) / limits.length)
        : 0,
    },
    bill: monthlyBill(consumer, load),
    billElsewhere: monthlyBillElsewhere(consumer, load),
  };
}

/** The fewest lanes that keep up, by halves: more lanes are never slower. */
function lanesNeeded(speed: Throughput, arrivalsPerSecond: number, most: number): number | undefined {
  if (speed.at(most) < arrivalsPerSecond) return undefined;
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (speed.at(middle) >= arrivalsPerSecond) high = middle;
    else low = middle + 1;
  }
  return low;
}

function burstPlan(
  burst: NonNullable<Load["burst"]>,
  load: Load,
  consumer: PlannedConsumer,
  speed: Throughput,
): Drain & { readonly events: number } {
  const gone = drained({
    arrivals: { spans: [burst], perSecond: load.arrivalsPerSecond },
    growth: growth(consumer),
    perSecondAt: speed.at,
    quotas: speed.quotas,
  });
  // A run of the schedule has to come; the first batch has to be fetched and claimed, the last one to end.
  const firstMs = consumer.drain === "schedule" ? drainDefaults.everyMs : assumed.turnMs;
  const aroundMs = firstMs + batchTime(consumer, load.handlerMs, 1).ms;
  return {
    ...gone,
    drainedMs: gone.drainedMs === undefined ? undefined : gone.drainedMs + aroundMs,
    events: (burst.perSecond * burst.forMs) / 1_000,
  };
}

function horizonOf(limit: PlannedLimit, consumer: PlannedConsumer): HorizonCheck | undefined {
  const { name, kind, count, windowMs, horizonMs, key } = limit;
  if (kind !== "rate" || key !== undefined || horizonMs === undefined) return undefined;
  const sharers = consumer.sharers.filter((sharer) => sharer.limit === name);
  return {
    limit,
    room: limitRoom({ count, windowMs, horizonMs }),
    starts: sharers.reduce((sum, { starts }) => sum + starts, consumer.concurrency * consumer.batchSize),
    sharers,
  };
}
