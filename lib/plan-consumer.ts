import { RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib/core";
import type { Contract } from "../src/contract/index.ts";
import { type ConsumerSettings, settingsVariable } from "../src/env.ts";
import { SettingsError } from "../src/errors.ts";
import { lambda, sns } from "../src/limits-of-aws.ts";
import { isFifo } from "../src/names.ts";
import { consumerDefaults, drainBy, drainDefaults, marginMs } from "../src/plan/index.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import { settingsLine } from "./consumer-settings.ts";
import { entryFile } from "./entry-file.ts";
import { environmentBytes } from "./environment-bytes.ts";
import { filterPolicy } from "./filter-policy.ts";
import type { ConsumerFacts, LimitShare, Sibling } from "./guards/index.ts";
import { keepFor, retentionFor } from "./keep-times.ts";
import { planLoadOf, readExpect } from "./plan-load-of.ts";
import { readLimits } from "./read-limits.ts";
import { readRetry } from "./read-retry.ts";

const defaults = {
  timeout: Duration.millis(consumerDefaults.timeoutMs),
  drainTimeout: Duration.millis(drainDefaults.timeoutMs),
  batchSize: consumerDefaults.batchSize,
  parallel: consumerDefaults.parallel,
  memorySize: consumerDefaults.memoryMb,
  /** Of the mapping, where nothing is reserved: one consumer's backlog must not take the whole account's pool. */
  maximumConcurrency: 10,
  deadLetterRetention: Duration.millis(consumerDefaults.deadLetterRetentionMs),
} as const;

/** A consumer with every default filled in, and the line of settings for its function. */
export interface ConsumerPlan {
  readonly facts: ConsumerFacts;
  /** `undefined` when they are over what a function's environment takes: a guard tells. */
  readonly settings: string | undefined;
}

/** What a consumer cannot know by itself. */
export interface Surroundings {
  /** Which other construct has this name, and where it stands. */
  readonly twin: string | undefined;
  /** What the other consumers of this bus, in this app, have of its limits. */
  readonly shares: readonly LimitShare[];
  /** Those consumers. */
  readonly siblings: readonly Sibling[];
  /** Whether it runs in its bus's account and region. */
  readonly isWithBus: boolean;
}

/** Fills in every default: what the user said decides, the rest follows from it. Checks nothing: guards do. */
export function planConsumer(
  name: string,
  props: ConsumerProps,
  { twin, shares, siblings, isWithBus }: Surroundings,
): ConsumerPlan {
  const {
    bus,
    on,
    emits = [],
    leads = [],
    where = {},
    environment = {},
    concurrency,
    mode = "once",
    onPoison = "skip",
  } = props;
  const limits = readLimits(props.limits);
  const { survive, firstDelay, maxDelay, retries, problem: retryProblem } = readRetry(props.retry);
  const { load, problem: loadProblem } = readExpect(props);
  const drain = props.drain ?? drainBy(limits);
  const timeout = props.timeout ?? (drain === "schedule" ? defaults.drainTimeout : defaults.timeout);
  const batchWindow = props.batchWindow ?? Duration.seconds(0);
  const retention = props.retention ?? retentionFor(retries);
  const deadLetterRetention = props.deadLetterRetention ?? defaults.deadLetterRetention;
  const keep = props.keep ?? keepFor(retention, deadLetterRetention);
  const topics = [...new Set(on.map(({ topic }) => topic))];
  const fifo = topics.length > 0 && topics.every(isFifo);
  const parallel = props.parallel ?? defaults.parallel;
  const maximum = drain === "schedule" ? undefined : maximumConcurrency(props);
  const batchSize = props.batchSize ?? defaults.batchSize;
  const breaker = breakerOf(props);
  // Holds are kept where the bus is, and Python knows none.
  const knowsHolds = isWithBus && props.language !== "python";

  const policies = Object.fromEntries(
    topics.map((topic) => [
      topic,
      filterPolicy(
        on.filter((contract) => contract.topic === topic),
        where,
      ),
    ]),
  );
  const base: ConsumerSettings = {
    v: 1,
    bus: bus.name,
    consumer: name,
    on: on.map(keyOf),
    emits: [...new Set(emits.map(keyOf))],
    mode,
    ...(limits.length > 0 ? { limits: limits.map(({ meaning }) => meaning) } : {}),
    fifo,
    ...(onPoison === "park" ? { onPoison } : {}),
    ...(bus.claims ? { claims: bus.claims } : {}),
    ...(bus.delays && isWithBus && emits.length > 0 && props.language !== "python"
      ? { delays: true as const }
      : {}),
    ...(mode === "transaction" && props.language !== "python" ? { shadows: true as const } : {}),
    account: bus.account,
    region: bus.region,
    attempts: retries.attempts,
    firstDelayMs: firstDelay.toMilliseconds(),
    maxDelayMs: maxDelay.toMilliseconds(),
    marginMs: marginMs(timeout.toMilliseconds()),
    keepMs: keep.toMilliseconds(),
    parallel,
    ...(maximum === undefined ? {} : { maximumConcurrency: maximum }),
    ...(knowsHolds
      ? {
          breaker: {
            failures: breaker.failures,
            windowMs: breaker.window.toMilliseconds(),
            probeMs: breaker.probeEvery.toMilliseconds(),
          },
        }
      : {}),
    ...(drain === "schedule" ? { drain: { everyMs: drainDefaults.everyMs, batchSize } } : {}),
    ...(load ? { expect: load } : {}),
  };
  // Filters may be long: without them a consumer works, and nobody judges what was delivered to it.
  const whole = tryLine({ ...base, filters: policies });
  const fits =
    whole.line !== undefined &&
    environmentBytes({ ...environment, [settingsVariable]: whole.line }) <= lambda.environmentBytes;
  const { line, problem } = fits ? whole : tryLine(base);
  const facts = {
    bus: bus.name,
    consumer: name,
    twin,
    language: props.language ?? "typescript",
    entry: entryFile(props.entry),
    hasBundling: props.bundling !== undefined,
    on,
    emits,
    leads:
      leads.length > 0
        ? leads.map((lead) => ({ on: [lead.on.type], to: typesOf(lead.to) }))
        : [{ on: typesOf(on), to: typesOf(emits) }],
    topics,
    busTopics: bus.topics,
    busClaims: bus.claims !== undefined,
    whereFields: Object.keys(where),
    policies,
    fifo,
    onPoison,
    timeout,
    visibilityTimeout:
      props.visibilityTimeout ??
      Duration.seconds(lambda.visibilityFactor * timeout.toSeconds() + batchWindow.toSeconds()),
    retention,
    deadLetterRetention,
    undeliveredRetention: deadLetterRetention,
    maxReceiveCount: props.maxReceiveCount ?? retries.maxReceiveCount,
    survive,
    firstDelay,
    maxDelay,
    retryProblem,
    retries,
    drain,
    batchSize,
    batchWindow,
    maxMessageBytes: props.maxMessageBytes ?? sns.defaultMessageBytes,
    reserved: concurrency,
    maximum,
    pollers: props.pollers,
    hasMaximum: props.maximumConcurrency !== undefined,
    limits,
    shares,
    siblings,
    mayLoop: props.recursiveLoop === RecursiveLoop.ALLOW,
    isWithBus,
    breaker,
    knowsHolds,
    hasBreaker: props.breaker !== undefined,
    region: bus.region,
    mode,
    memorySize: props.memorySize ?? defaults.memorySize,
    keep,
    parallel,
    environment: Object.keys(environment),
    environmentBytes: environmentBytes({
      ...environment,
      ...(line === undefined ? {} : { [settingsVariable]: line }),
    }),
    settingsProblem: problem,
    loadProblem,
  };
  const loadPlan = load && retryProblem === undefined ? planLoadOf(load, facts) : undefined;
  return { settings: line, facts: { ...facts, loadPlan } };
}

const typesOf = (contracts: readonly Contract[]) => contracts.map(({ type }) => type);

const keyOf = ({ type, version }: Contract) => `${type}:${version}`;

function maximumConcurrency({ concurrency, maximumConcurrency, pollers }: ConsumerProps): number | undefined {
  // Provisioned mode knows none; a guard tells of one beside it.
  if (maximumConcurrency === "unset" || pollers) return undefined;
  return (
    maximumConcurrency ?? Math.max(lambda.minMaximumConcurrency, concurrency ?? defaults.maximumConcurrency)
  );
}

function breakerOf({ breaker = {} }: ConsumerProps): ConsumerFacts["breaker"] {
  const { failures, windowMs, probeMs } = consumerDefaults.breaker;
  return {
    failures: breaker.failures ?? failures,
    window: breaker.window ?? Duration.millis(windowMs),
    probeEvery: breaker.probeEvery ?? Duration.millis(probeMs),
  };
}

function tryLine(settings: ConsumerSettings): { line?: string; problem?: string } {
  try {
    return { line: settingsLine(settings) };
  } catch (error) {
    if (error instanceof SettingsError) return { problem: error.message };
    throw error;
  }
}
