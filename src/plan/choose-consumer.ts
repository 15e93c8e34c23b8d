import { lambda, sqs } from "../limits-of-aws.ts";
import { assumed } from "./assumptions.ts";
import { batchTime } from "./batch-time.ts";
import { consumerDefaults } from "./consumer-defaults.ts";
import { drainBy, drainDefaults } from "./drain-by.ts";
import { defaultKeepMs } from "./ledger-window.ts";
import { limitRoom } from "./limit-room.ts";
import type { Load } from "./load.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";
import { planRetries } from "./retries.ts";
import { throughput } from "./throughput.ts";

/** What of a consumer is fixed; the rest is chosen for the load. */
export type ConsumerWish = { readonly [Key in keyof PlannedConsumer]?: PlannedConsumer[Key] | undefined };

const dayMs = 86_400_000;

/**
 * A consumer for a load: what was asked for as it is, and for the rest the defaults, or what the load needs. The fields
 * that were chosen are named. Nothing is checked: `planFindings` tells what cannot work.
 */
export function chooseConsumer(
  load: Load,
  wish: ConsumerWish,
): { readonly consumer: PlannedConsumer; readonly chosen: readonly (keyof PlannedConsumer)[] } {
  const { fifo = false, limits = [], mode = "once", parallel = consumerDefaults.parallel } = wish;
  const batchSize = wish.batchSize ?? consumerDefaults.batchSize;
  const batchWindowMs = wish.batchWindowMs ?? 0;
  const firstDelayMs = wish.firstDelayMs ?? consumerDefaults.firstDelayMs;
  const maxDelayMs = wish.maxDelayMs ?? consumerDefaults.maxDelayMs;
  const surviveMs = wish.surviveMs ?? Math.max(consumerDefaults.surviveMs, load.outageMs ?? 0);
  const retries = planRetries({ surviveMs, firstDelayMs, maxDelayMs });
  const batchMs = batchTime({ parallel, fifo, mode, limits }, load.handlerMs, batchSize).ms;
  const drain = wish.drain ?? drainBy(limits);
  const horizonMs = Math.max(0, ...limits.map((limit) => limit.horizonMs ?? 0));
  const timeoutMs =
    wish.timeoutMs ?? (drain === "schedule" ? drainDefaults.timeoutMs : timeoutFor(batchMs, horizonMs));
  const retentionMs = wish.retentionMs ?? wholeDays(Math.max(4 * dayMs, retries.longestMs));
  const deadLetterMs = consumerDefaults.deadLetterRetentionMs;

  const draft: PlannedConsumer = {
    name: wish.name ?? "this",
    drain,
    concurrency: 2,
    batchSize,
    batchWindowMs,
    parallel,
    timeoutMs,
    memoryMb: wish.memoryMb ?? consumerDefaults.memoryMb,
    fifo,
    mode,
    limits,
    sharers: wish.sharers ?? [],
    surviveMs,
    firstDelayMs,
    maxDelayMs,
    visibilityMs: wish.visibilityMs ?? lambda.visibilityFactor * timeoutMs + batchWindowMs,
    retentionMs,
    maxReceiveCount: wish.maxReceiveCount ?? retries.maxReceiveCount,
    keepMs: wish.keepMs ?? defaultKeepMs({ queueMs: retentionMs, deadLetterMs, undeliveredMs: deadLetterMs }),
    region: wish.region ?? "us-east-1",
  };
  const size = sizeFor(load, draft, wish);
  const consumer = { ...draft, ...size };
  const fields = Object.keys(consumer) as (keyof PlannedConsumer)[];
  return { consumer, chosen: fields.filter((field) => wish[field] === undefined && field !== "sharers") };
}

/** Concurrency, and pollers where standard mode has not enough of it. */
function sizeFor(
  load: Load,
  draft: PlannedConsumer,
  { concurrency, pollers }: ConsumerWish,
): Pick<PlannedConsumer, "concurrency" | "pollers"> {
  const { invocationsEach } = lambda.pollers;
  if (draft.drain === "schedule") return { concurrency: 1 };
  if (pollers) return { pollers, concurrency: concurrency ?? pollers.maximum * invocationsEach };
  if (concurrency !== undefined) return { concurrency };
  const standard = fewestFor(load, draft, lambda.maxMaximumConcurrency);
  if (standard !== undefined) return { concurrency: standard };
  // A limit binds, or so much that it takes pollers.
  const limited = throughput({ ...draft, concurrency: lambda.maxMaximumConcurrency }, load).rates.length > 0;
  if (limited || draft.fifo) return { concurrency: mostFor(draft, lambda.maxMaximumConcurrency) };
  return pollersFor(load, draft);
}

/** The fewest invocations that carry a load with some room; `undefined` where even `most` of them do not. */
function fewestFor(load: Load, draft: PlannedConsumer, most: number): number | undefined {
  const cap = mostFor(draft, most);
  const full = throughput({ ...draft, concurrency: cap }, load);
  const [rate] = full.rates;
  const wanted = Math.max(load.arrivalsPerSecond / assumed.usualLoad, load.burst?.perSecond ?? 0);
  // Of a limit, nearly all.
  const target = rate ? Math.min(wanted, rate.leftPerSecond * 0.985) : wanted;
  if (full.at(cap) < target) return undefined;
  let low = Math.min(cap, lambda.minMaximumConcurrency);
  let high = cap;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (full.at(middle) >= target) high = middle;
    else low = middle + 1;
  }
  // Just enough for a limit would be too few whenever a call or a handler takes longer; more of them wait for their starts.
  return target < wanted ? Math.min(cap, Math.ceil(low / assumed.usualLoad)) : low;
}

/** As many as the horizons and the queue have room for. */
function mostFor({ limits, sharers, batchSize }: PlannedConsumer, most: number): number {
  const rooms = limits.flatMap(({ kind, name, count, windowMs, horizonMs, key }) => {
    if (kind !== "rate" || key !== undefined || horizonMs === undefined) return [];
    const others = sharers.filter(({ limit }) => limit === name).reduce((sum, { starts }) => sum + starts, 0);
    return [Math.floor((limitRoom({ count, windowMs, horizonMs }) - others) / batchSize)];
  });
  return Math.max(1, Math.min(most, Math.floor(sqs.maxInFlight / batchSize), ...rooms));
}

function pollersFor(load: Load, draft: PlannedConsumer): Pick<PlannedConsumer, "concurrency" | "pollers"> {
  const { invocationsEach, minMinimum, maxMinimum, maxMaximum } = lambda.pollers;
  const one = throughput(
    { ...draft, concurrency: invocationsEach, pollers: { minimum: minMinimum, maximum: 1 } },
    load,
  );
  const perPoller = Math.min(one.perPoller ?? 1, one.unlimitedPerSecond);
  const count = (perSecond: number, most: number) =>
    Math.min(most, Math.max(minMinimum, Math.ceil(perSecond / perPoller)));
  const wanted = Math.max(load.arrivalsPerSecond / assumed.usualLoad, load.burst?.perSecond ?? 0);
  const maximum = count(wanted, maxMaximum);
  return {
    pollers: { minimum: Math.min(maximum, count(load.arrivalsPerSecond, maxMinimum)), maximum },
    concurrency: maximum * invocationsEach,
  };
}

/** Three times a batch, twice the longest wait for a start, thirty seconds at least. */
function timeoutFor(batchMs: number, horizonMs: number): number {
  const seconds = Math.ceil(Math.max(consumerDefaults.timeoutMs, 3 * batchMs, 2 * horizonMs) / 1_000);
  return Math.min(lambda.maxTimeoutSeconds, seconds) * 1_000;
}

function wholeDays(ms: number): number {
  return Math.min(sqs.maxRetentionSeconds * 1_000, Math.ceil(ms / dayMs) * dayMs);
}
