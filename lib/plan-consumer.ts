import { Duration } from "aws-cdk-lib/core";
import type { Contract } from "../src/contract/index.ts";
import { type ConsumerSettings, settingsVariable } from "../src/env.ts";
import { SettingsError } from "../src/errors.ts";
import { lambda, sns, sqs } from "../src/limits-of-aws.ts";
import { isFifo } from "../src/names.ts";
import { consumerDefaults, defaultKeepMs, marginMs, planRetries, type RetryPlan } from "../src/plan/index.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import { settingsLine } from "./consumer-settings.ts";
import { entryFile } from "./entry-file.ts";
import { environmentBytes } from "./environment-bytes.ts";
import { filterPolicy } from "./filter-policy.ts";
import type { ConsumerFacts, LimitShare } from "./guards/index.ts";

const defaults = {
  timeout: Duration.millis(consumerDefaults.timeoutMs),
  batchSize: consumerDefaults.batchSize,
  parallel: consumerDefaults.parallel,
  memorySize: 512,
  /** Of the mapping, where nothing is reserved: one consumer's backlog must not take the whole account's pool. */
  maximumConcurrency: 10,
  survive: Duration.millis(consumerDefaults.surviveMs),
  firstDelay: Duration.millis(consumerDefaults.firstDelayMs),
  maxDelay: Duration.millis(consumerDefaults.maxDelayMs),
  deadLetterRetention: Duration.millis(consumerDefaults.deadLetterRetentionMs),
} as const;

const dayMs = 86_400_000;

/** A consumer with every default filled in, and the line of settings for its function. */
export interface ConsumerPlan {
  readonly facts: ConsumerFacts;
  /** `undefined` when they are over what a function's environment takes: a guard tells. */
  readonly settings: string | undefined;
}

/** What a consumer cannot know by itself. */
export interface Surroundings {
  /** Where another consumer of this name stands. */
  readonly twin: string | undefined;
  /** What the other consumers of this bus, in this app, have of its limits. */
  readonly shares: readonly LimitShare[];
  /** Whether it runs in its bus's account and region. */
  readonly isWithBus: boolean;
}

/** Fills in every default: what the user said decides, the rest follows from it. Checks nothing: guards do. */
export function planConsumer(
  name: string,
  props: ConsumerProps,
  { twin, shares, isWithBus }: Surroundings,
): ConsumerPlan {
  const {
    bus,
    on,
    emits = [],
    where = {},
    environment = {},
    concurrency,
    mode = "once",
    limits = [],
  } = props;
  const firstDelay = props.retry?.firstDelay ?? defaults.firstDelay;
  const maxDelay = props.retry?.maxDelay ?? defaults.maxDelay;
  const retries = planRetries({
    surviveMs: (props.retry?.survive ?? defaults.survive).toMilliseconds(),
    firstDelayMs: firstDelay.toMilliseconds(),
    maxDelayMs: maxDelay.toMilliseconds(),
  });
  const timeout = props.timeout ?? defaults.timeout;
  const batchWindow = props.batchWindow ?? Duration.seconds(0);
  const retention = props.retention ?? retentionFor(retries);
  const deadLetterRetention = props.deadLetterRetention ?? defaults.deadLetterRetention;
  const keep = props.keep ?? keepFor(retention, deadLetterRetention);
  const topics = [...new Set(on.map(({ topic }) => topic))];
  const fifo = topics.length > 0 && topics.every(isFifo);
  const parallel = props.parallel ?? defaults.parallel;

  const { line, problem } = tryLine({
    v: 1,
    bus: bus.name,
    consumer: name,
    on: on.map(keyOf),
    emits: [...new Set(emits.map(keyOf))],
    mode,
    ...(limits.length > 0 ? { limits: limits.map(({ meaning }) => meaning) } : {}),
    fifo,
    account: bus.account,
    region: bus.region,
    attempts: retries.attempts,
    firstDelayMs: firstDelay.toMilliseconds(),
    maxDelayMs: maxDelay.toMilliseconds(),
    marginMs: marginMs(timeout.toMilliseconds()),
    keepMs: keep.toMilliseconds(),
    parallel,
  });
  return {
    settings: line,
    facts: {
      bus: bus.name,
      consumer: name,
      twin,
      language: props.language ?? "typescript",
      entry: entryFile(props.entry),
      hasBundling: props.bundling !== undefined,
      on,
      emits,
      topics,
      busTopics: bus.topics,
      whereFields: Object.keys(where),
      policies: Object.fromEntries(
        topics.map((topic) => [
          topic,
          filterPolicy(
            on.filter((contract) => contract.topic === topic),
            where,
          ),
        ]),
      ),
      fifo,
      timeout,
      visibilityTimeout:
        props.visibilityTimeout ??
        Duration.seconds(lambda.visibilityFactor * timeout.toSeconds() + batchWindow.toSeconds()),
      retention,
      deadLetterRetention,
      undeliveredRetention: deadLetterRetention,
      maxReceiveCount: props.maxReceiveCount ?? retries.maxReceiveCount,
      retries,
      batchSize: props.batchSize ?? defaults.batchSize,
      batchWindow,
      maxMessageBytes: props.maxMessageBytes ?? sns.defaultMessageBytes,
      reserved: concurrency,
      maximum: maximumConcurrency(props),
      limits,
      shares,
      isWithBus,
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
    },
  };
}

const keyOf = ({ type, version }: Contract) => `${type}:${version}`;

function maximumConcurrency({ concurrency, maximumConcurrency }: ConsumerProps): number | undefined {
  if (maximumConcurrency === "unset") return undefined;
  return (
    maximumConcurrency ?? Math.max(lambda.minMaximumConcurrency, concurrency ?? defaults.maximumConcurrency)
  );
}

/** What the retries can last at most, in whole days; four days at least. */
function retentionFor({ longestMs }: RetryPlan): Duration {
  const days = Math.ceil(longestMs / dayMs);
  return Duration.seconds(
    Math.min(sqs.maxRetentionSeconds, Math.max(sqs.defaultRetentionSeconds, (days * dayMs) / 1_000)),
  );
}

function keepFor(retention: Duration, deadLetterRetention: Duration): Duration {
  return Duration.millis(
    defaultKeepMs({
      queueMs: retention.toMilliseconds(),
      deadLetterMs: deadLetterRetention.toMilliseconds(),
      undeliveredMs: deadLetterRetention.toMilliseconds(),
    }),
  );
}

function tryLine(settings: ConsumerSettings): { line?: string; problem?: string } {
  try {
    return { line: settingsLine(settings) };
  } catch (error) {
    if (error instanceof SettingsError) return { problem: error.message };
    throw error;
  }
}
