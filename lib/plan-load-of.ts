import { SettingsError } from "../src/errors.ts";
import { type Load, type LoadPlan, planLoad } from "../src/plan/index.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import { expectedLoad } from "./expect.ts";
import { type ConsumerFacts, invocationsAtOnce, isKnown } from "./guards/index.ts";

/** What `expect` says, or what is wrong with it. */
export function readExpect({ expect }: Pick<ConsumerProps, "expect">): {
  readonly load?: Load;
  readonly problem?: string;
} {
  if (expect === undefined) return {};
  try {
    return { load: expectedLoad(expect) };
  } catch (error) {
    if (error instanceof SettingsError) return { problem: error.message };
    throw error;
  }
}

/**
 * What an expected load means for a consumer; `undefined` where a number that it takes is only known at deployment, or
 * cannot be at all: other guards tell.
 */
export function planLoadOf(load: Load, facts: Omit<ConsumerFacts, "loadPlan">): LoadPlan | undefined {
  const concurrency = invocationsAtOnce(facts);
  const { batchSize, parallel, memorySize, maxReceiveCount } = facts;
  const counts = [concurrency, batchSize, parallel];
  if (counts.some((count) => !isKnown(count) || !Number.isInteger(count) || count < 1)) return undefined;
  return planLoad(load, {
    name: facts.consumer,
    drain: facts.drain,
    concurrency,
    pollers: facts.pollers,
    batchSize,
    batchWindowMs: facts.batchWindow.toMilliseconds(),
    parallel,
    timeoutMs: facts.timeout.toMilliseconds(),
    memoryMb: isKnown(memorySize) ? memorySize : 0,
    fifo: facts.fifo,
    mode: facts.mode,
    limits: facts.limits,
    sharers: facts.shares.map(({ limit, consumer, starts, perSecond }) => ({
      limit: limit.name,
      consumer,
      starts,
      perSecond,
    })),
    surviveMs: facts.survive.toMilliseconds(),
    firstDelayMs: facts.firstDelay.toMilliseconds(),
    maxDelayMs: facts.maxDelay.toMilliseconds(),
    visibilityMs: facts.visibilityTimeout.toMilliseconds(),
    retentionMs: facts.retention.toMilliseconds(),
    maxReceiveCount,
    keepMs: facts.keep.toMilliseconds(),
    region: facts.region,
  });
}
