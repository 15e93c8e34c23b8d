import {
  type InMemoryQueue,
  type InvokeResult,
  inMemoryQueue,
  type Mapping,
  startMapping,
} from "../../local/mapping/index.ts";
import { queuesOver } from "../../local/testing/index.ts";
import { type Clock, sleep } from "../../src/clock.ts";
import type { ConsumeOptions, SqsBatchResponse, SqsEvent, SqsHandler } from "../../src/consume/index.ts";
import { type Contract, contractKey } from "../../src/contract/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { lambda, sqs } from "../../src/limits-of-aws.ts";
import { assumed, consumerDefaults, defaultKeepMs, marginMs, planRetries } from "../../src/plan/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import type { DrillConsumer } from "./drill-consumer.ts";

const region = "us-east-1";
const account = "000000000000";

/** A consumer of a drill in virtual time: real pipeline, real mapping, a model of its queue. */
export interface VirtualConsumer {
  readonly queue: InMemoryQueue;
  readonly queueArn: string;
  readonly deadLetters: InMemoryQueue;
  readonly mapping: Mapping;
  /** Invokes its function, in a process that is idle or in a new one. */
  invoke(event: SqsEvent): Promise<SqsBatchResponse>;
}

/** What every process of a consumer is made with. */
export type ProcessParts = ConsumeOptions & { readonly settings: ConsumerSettings };

/**
 * Starts one with every default of the construct. `start` makes a process of it, from `consume` on: processes share nothing
 * but the stores that they are given.
 */
export function startVirtualConsumer({
  clock,
  bus,
  consumer,
  contract,
  maximumConcurrency,
  settings: own = {},
  start,
}: {
  readonly clock: Clock;
  readonly bus: string;
  readonly consumer: DrillConsumer;
  readonly contract: Contract;
  readonly maximumConcurrency: number;
  /** What is not as usual. */
  readonly settings?: Partial<ConsumerSettings>;
  readonly start: (parts: ProcessParts) => SqsHandler;
}): VirtualConsumer {
  const { timeoutMs, surviveMs, firstDelayMs, maxDelayMs, parallel, deadLetterRetentionMs } =
    consumerDefaults;
  const { attempts, maxReceiveCount } = planRetries({ surviveMs, firstDelayMs, maxDelayMs });
  const visibilityTimeoutMs = lambda.visibilityFactor * timeoutMs;
  const deadLetters = inMemoryQueue({ clock, visibilityTimeoutMs });
  const queue = inMemoryQueue({ clock, visibilityTimeoutMs, maxReceiveCount, deadLetters });
  const queueArn = `arn:aws:sqs:${region}:${account}:${consumer.queueName}`;
  const settings: ConsumerSettings = {
    v: 1,
    bus,
    consumer: consumer.name,
    on: [contractKey(contract)],
    emits: [],
    mode: "once",
    fifo: false,
    account,
    region,
    attempts,
    firstDelayMs,
    maxDelayMs,
    marginMs: marginMs(timeoutMs),
    keepMs: defaultKeepMs({
      queueMs: sqs.defaultRetentionSeconds * 1_000,
      deadLetterMs: deadLetterRetentionMs,
      undeliveredMs: deadLetterRetentionMs,
    }),
    parallel,
    maximumConcurrency,
    ...own,
  };
  const parts: ProcessParts = {
    settings,
    clock,
    queues: queuesOver(queue, deadLetters),
    topics: inMemoryTopics(),
    sink: () => {},
  };
  const idle: SqsHandler[] = [];
  let invocations = 0;
  const invoke = async (event: SqsEvent) => {
    const endsMs = clock.nowMs() + timeoutMs;
    const process = idle.pop() ?? start(parts);
    try {
      return await process(event, {
        awsRequestId: `request-${invocations++}`,
        getRemainingTimeInMillis: () => endsMs - clock.nowMs(),
      });
    } finally {
      idle.push(process);
    }
  };

  const mapping = startMapping(
    {
      uuid: consumer.name,
      queueArn,
      functionName: consumer.functionName,
      batchSize: consumerDefaults.batchSize,
      windowMs: 0,
      maximumConcurrency,
      reportBatchItemFailures: true,
      fifo: false,
      enabled: true,
    },
    {
      queue,
      clock,
      functions: {
        invoke: async (_name, payload): Promise<InvokeResult> => {
          // To receive, to invoke and to delete takes time on AWS, and none over this queue.
          await sleep(clock, assumed.turnMs);
          return { status: "ok", payload: JSON.stringify(await invoke(JSON.parse(payload) as SqsEvent)) };
        },
      },
    },
  );
  return { queue, queueArn, deadLetters, mapping, invoke };
}
