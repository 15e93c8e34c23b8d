import {
  eventJson,
  type InMemoryQueue,
  type InvokeResult,
  inMemoryQueue,
  type Mapping,
  type QueueMessage,
  recordJson,
  startMapping,
} from "../../local/mapping/index.ts";
import { queuesOver } from "../../local/testing/index.ts";
import { type InMemoryHolds, type ProbeAnswer, probePayload } from "../../src/breaker/index.ts";
import type { Clock } from "../../src/clock.ts";
import { consume, type SqsEvent, type SqsHandler } from "../../src/consume/index.ts";
import { contractKey } from "../../src/contract/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { DependencyDown } from "../../src/errors.ts";
import type { Probes } from "../../src/governor/index.ts";
import type { Ledger } from "../../src/ledger/index.ts";
import { lambda, sqs } from "../../src/limits-of-aws.ts";
import { consumerDefaults, defaultKeepMs, marginMs, planRetries } from "../../src/plan/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { orderPlaced } from "./contracts.ts";
import { bus, consumer, dependency } from "./names.ts";
import type { VirtualPartner } from "./virtual-partner.ts";

const region = "us-east-1";
const account = "000000000000";
const queueArn = `arn:aws:sqs:${region}:${account}:${consumer.queueName}`;
/** As many processes as its mapping asks for at once. */
export const maximumConcurrency = 10;

/** A consumer of the drill in virtual time: real pipeline, real mapping, a model of its queue. */
export interface VirtualConsumer {
  readonly queue: InMemoryQueue;
  readonly deadLetters: InMemoryQueue;
  readonly mapping: Mapping;
  readonly probes: Probes;
}

/** Starts it with every default of the construct. Each of its processes knows by itself what holds it. */
export function startVirtualConsumer({
  clock,
  ledger,
  holds,
  partner,
  keyOf = (effectKey) => effectKey,
}: {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly holds: InMemoryHolds;
  readonly partner: VirtualPartner;
  readonly keyOf?: (effectKey: string) => string;
}): VirtualConsumer {
  const { timeoutMs } = consumerDefaults;
  const { settings, maxReceiveCount } = settingsOf();
  const visibilityTimeoutMs = lambda.visibilityFactor * timeoutMs;
  const deadLetters = inMemoryQueue({ clock, visibilityTimeoutMs });
  const queue = inMemoryQueue({ clock, visibilityTimeoutMs, maxReceiveCount, deadLetters });
  const parts = {
    ...{ settings, ledger, holds, clock },
    queues: queuesOver(queue, deadLetters),
    topics: inMemoryTopics(),
    sink: () => {},
  };
  const start = (): SqsHandler =>
    consume(
      orderPlaced,
      ({ data: { order, cents } }, { effectKey }) =>
        partner.pay(order, cents, keyOf(effectKey)).catch((cause: unknown) => {
          throw new DependencyDown(dependency, { cause });
        }),
      parts,
    );
  const idle: SqsHandler[] = [];
  let invocations = 0;
  const invoke = async (event: SqsEvent) => {
    const endsMs = clock.nowMs() + timeoutMs;
    const process = idle.pop() ?? start();
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
        invoke: async (_name, payload): Promise<InvokeResult> => ({
          status: "ok",
          payload: JSON.stringify(await invoke(JSON.parse(payload) as SqsEvent)),
        }),
      },
    },
  );
  const letThrough = async (message: QueueMessage): Promise<ProbeAnswer> => {
    const event = JSON.parse(eventJson([recordJson(message, queueArn)])) as SqsEvent;
    const { batchItemFailures, probe } = await invoke({ ...event, ...probePayload(dependency) });
    if (batchItemFailures.length === 0) await queue.delete([message.receiptHandle]);
    return probe ?? { verdict: "unknown" };
  };
  return {
    queue,
    deadLetters,
    mapping,
    probes: {
      ask: async () => ({ verdict: "unknown", why: "it has no probe of its own" }),
      async letThrough() {
        const [message] = await queue.receive({ max: 1, waitMs: 0, signal: never });
        return message ? letThrough(message) : { verdict: "unknown", isEmpty: true };
      },
    },
  };
}

const never = new AbortController().signal;

function settingsOf(): { readonly settings: ConsumerSettings; readonly maxReceiveCount: number } {
  const { timeoutMs, surviveMs, firstDelayMs, maxDelayMs, parallel, breaker, deadLetterRetentionMs } =
    consumerDefaults;
  const { attempts, maxReceiveCount } = planRetries({ surviveMs, firstDelayMs, maxDelayMs });
  const settings: ConsumerSettings = {
    v: 1,
    bus,
    consumer: consumer.name,
    on: [contractKey(orderPlaced)],
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
    breaker,
  };
  return { settings, maxReceiveCount };
}
