import {
  type ConsumerSettings,
  type DrainSettings,
  type ExpectedLoad,
  settingsVariable,
} from "../../src/env.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import { queueName } from "../../src/names.ts";
import { type ConsumerWish, type LimitSharer, survivedMs } from "../../src/plan/index.ts";
import type { CloudReads, FunctionFacts, MappingFacts, Read } from "../doctor/facts.ts";
import { settingsOf } from "../doctor/read-bus.ts";
import { ConsumerError, findConsumer } from "../find-consumers.ts";
import { plannedLimit } from "./planned-limit.ts";

/** What a plan reads of a cloud, or of an assembly. */
export type PlanReads = Pick<CloudReads, "functions" | "mappings" | "queue">;

/** A consumer as it stands. */
export interface FoundConsumer {
  readonly bus: string;
  readonly consumer: string;
  readonly settings: ConsumerWish;
  /** What its construct says that it expects. */
  readonly expect: ExpectedLoad | undefined;
}

/**
 * Reads a consumer's settings, its mapping and its queue, and who shares its limits. Throws `ConsumerError` when there
 * is no such consumer, or when a part of it is not there or may not be looked at.
 */
export async function readConsumer(
  reads: PlanReads,
  asked: { readonly consumer: string; readonly bus?: string | undefined },
): Promise<FoundConsumer> {
  const { bus, consumer, fifo } = await findConsumer(reads, asked);
  const all = found(await reads.functions(), "its function").flatMap((fn) => {
    const settings = settingsOf(fn);
    return settings?.bus === bus ? [{ fn, settings }] : [];
  });
  const own = all.find(({ settings }) => settings.consumer === consumer);
  if (!own) throw new ConsumerError("consumer-unknown", `there is no consumer ${consumer} on bus ${bus}`);
  const { fn, settings } = own;
  const [mapping, queue] = await Promise.all([
    settings.drain ? drainedBy(settings.drain) : mappingOf(reads, fn),
    reads.queue(queueName(bus, consumer, fifo)),
  ]);
  const { retentionSeconds, visibilitySeconds, redrive } = found(queue, "its queue");
  const { firstDelayMs, maxDelayMs } = settings;
  return {
    bus,
    consumer,
    expect: settings.expect,
    settings: {
      name: consumer,
      drain: settings.drain ? "schedule" : "mapping",
      concurrency: atOnce(fn, mapping),
      pollers: mapping.pollers,
      batchSize: mapping.batchSize,
      batchWindowMs: mapping.windowSeconds * 1_000,
      parallel: settings.parallel,
      timeoutMs: fn.timeoutSeconds * 1_000,
      memoryMb: fn.memoryMb,
      fifo,
      mode: settings.mode,
      limits: (settings.limits ?? []).map(plannedLimit),
      sharers: await sharersOf(reads, own, all),
      surviveMs: survivedMs(settings),
      firstDelayMs,
      maxDelayMs,
      visibilityMs: visibilitySeconds * 1_000,
      retentionMs: retentionSeconds * 1_000,
      maxReceiveCount: redrive?.maxReceiveCount,
      keepMs: settings.keepMs,
      region: settings.region,
    },
  };
}

interface Owned {
  readonly fn: FunctionFacts;
  readonly settings: ConsumerSettings;
}

/** What the other consumers of the bus may ask of the limits of this one. */
async function sharersOf(
  reads: PlanReads,
  own: Owned,
  all: readonly Owned[],
): Promise<readonly LimitSharer[]> {
  const shared = new Set(own.settings.limits);
  const others = all.filter(
    ({ fn, settings }) => fn !== own.fn && settings.limits?.some((limit) => shared.has(limit)),
  );
  const sharers = await Promise.all(
    others.map(async ({ fn, settings }) => {
      const { drain, parallel } = settings;
      const mapping = drain ? drainedBy(drain) : await mappingOf(reads, fn);
      return (settings.limits ?? [])
        .filter((limit) => shared.has(limit))
        .map((limit) => ({
          limit: plannedLimit(limit).name,
          consumer: settings.consumer,
          starts: drain ? parallel : atOnce(fn, mapping) * mapping.batchSize,
          perSecond: settings.expect?.arrivalsPerSecond,
        }));
    }),
  );
  return sharers.flat();
}

type Taking = Pick<MappingFacts, "pollers" | "maximumConcurrency" | "batchSize" | "windowSeconds">;

/** What stands in a mapping's place: one run at a time. */
function drainedBy({ batchSize }: DrainSettings): Taking {
  return { pollers: undefined, maximumConcurrency: 1, batchSize, windowSeconds: 0 };
}

async function mappingOf(reads: PlanReads, { name }: FunctionFacts): Promise<MappingFacts> {
  const [mapping] = found(await reads.mappings(name), "its mapping");
  if (mapping) return mapping;
  throw new ConsumerError(
    "consumer-incomplete",
    `function ${name} has no event source mapping: deploy it again, or give its numbers as options`,
  );
}

function atOnce(
  { reservedConcurrency }: FunctionFacts,
  { pollers, maximumConcurrency = lambda.maxBatches }: Pick<Taking, "pollers" | "maximumConcurrency">,
): number {
  const asked = pollers ? pollers.maximum * lambda.pollers.invocationsEach : maximumConcurrency;
  return Math.min(asked, reservedConcurrency ?? asked);
}

function found<Value>(read: Read<Value>, what: string): Value {
  if ("found" in read) return read.found;
  throw new ConsumerError(
    "consumer-incomplete",
    "denied" in read
      ? `${read.denied} is not allowed, and a plan needs ${what}: let these credentials call it, or give the numbers as options`
      : `${what} is not there (${settingsVariable} names it): deploy it again, or give its numbers as options`,
  );
}
