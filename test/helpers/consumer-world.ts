import { z } from "zod";
import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import {
  type ConsumeOptions,
  consume,
  type Handler,
  type InMemoryQueues,
  inMemoryQueues,
  type SqsAttribute,
  type SqsBatchResponse,
  type SqsRecord,
} from "../../src/consume/index.ts";
import {
  type Contract,
  contractKey,
  defineEvent,
  sealEvent,
  type WireMessage,
} from "../../src/contract/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { type InMemoryLedger, inMemoryLedger } from "../../src/ledger/index.ts";
import { type InMemoryTopics, inMemoryTopics } from "../../src/publish/index.ts";

export const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string(), cents: z.number().int() }),
});

export const stockLocked = defineEvent("stock.locked", {
  version: 1,
  topic: "stock",
  schema: z.object({ orderId: z.string() }),
});

/** A consumer on parts in memory and a clock that stands still. */
export interface ConsumerWorld {
  readonly clock: VirtualClock;
  readonly ledger: InMemoryLedger;
  readonly queues: InMemoryQueues;
  readonly topics: InMemoryTopics;
  /** Every line that was written, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  /** How often the pipeline asked for the end of the process. */
  readonly ends: () => number;
  /** Hands a batch to the consumer and moves time until it answers. */
  deliver(records: readonly SqsRecord[], options?: { remainingMs?: number }): Promise<SqsBatchResponse>;
  /** The same without moving time. */
  begin(records: readonly SqsRecord[], options?: { remainingMs?: number }): Promise<SqsBatchResponse>;
  /** A second process of the same consumer, on the same ledger and queues. */
  sibling<C extends Contract>(handler: Handler<C>, options?: Partial<ConsumeOptions>): ConsumerWorld;
}

export function settingsFor(overrides: Partial<ConsumerSettings> = {}): ConsumerSettings {
  return {
    v: 1,
    bus: "shop",
    consumer: "LockStock",
    on: [contractKey(orderCreated)],
    emits: [contractKey(stockLocked)],
    mode: "once",
    fifo: false,
    account: "000000000000",
    region: "us-east-1",
    attempts: 5,
    firstDelayMs: 1_000,
    maxDelayMs: 60_000,
    marginMs: 1_000,
    keepMs: 40 * 86_400_000,
    parallel: 10,
    ...overrides,
  };
}

export function consumerWorld<C extends Contract = typeof orderCreated>(
  handler: Handler<C>,
  {
    contracts = [orderCreated],
    settings = {},
    parts = {},
    clock = virtualClock(),
    ledger = inMemoryLedger({ keepMs: 40 * 86_400_000, clock }),
    queues = inMemoryQueues(),
    topics = inMemoryTopics(),
  }: {
    contracts?: readonly Contract[];
    settings?: Partial<ConsumerSettings>;
    parts?: Partial<ConsumeOptions>;
    clock?: VirtualClock;
    ledger?: InMemoryLedger;
    queues?: InMemoryQueues;
    topics?: InMemoryTopics;
  } = {},
): ConsumerWorld {
  const lines: Record<string, unknown>[] = [];
  let ends = 0;
  const lambda = consume(contracts, handler as Handler<Contract>, {
    settings: settingsFor({ on: contracts.map(contractKey), ...settings }),
    ledger,
    queues,
    topics,
    clock,
    sink: (text) => lines.push(...text.split("\n").map((line) => JSON.parse(line))),
    endProcess: () => {
      ends++;
    },
    ...parts,
  });
  let invocations = 0;
  const begin = (records: readonly SqsRecord[], { remainingMs = 30_000 } = {}) => {
    const endsMs = clock.nowMs() + remainingMs;
    return lambda(
      { Records: records },
      { awsRequestId: `request-${invocations++}`, getRemainingTimeInMillis: () => endsMs - clock.nowMs() },
    );
  };
  return {
    clock,
    ledger,
    queues,
    topics,
    lines,
    ends: () => ends,
    begin,
    deliver: (records, options) => clock.until(begin(records, options)),
    sibling: (other, options = {}) =>
      consumerWorld(other, { contracts, settings, clock, ledger, queues, topics, parts: options }),
  };
}

let made = 0;

/** A sealed `order.created`. */
export function order(
  overrides: { id?: string; source?: string; cents?: number; partitionkey?: string; timeMs?: number } = {},
): WireMessage {
  const {
    id = `order-${made++}`,
    source = "/shop/web",
    cents = 1250,
    partitionkey,
    timeMs = Date.UTC(2026, 0, 1),
  } = overrides;
  const sealed = sealEvent(
    orderCreated,
    { orderId: `o-${id}`, cents },
    { id, source, timeMs, ...(partitionkey === undefined ? {} : { partitionkey }) },
  );
  if (sealed instanceof Promise) throw new Error("this contract is validated at once");
  return sealed;
}

/** A record as the mapping makes it out of a message. */
export function record(
  body: string | WireMessage,
  {
    receives = 1,
    group,
    queueArn = `arn:aws:sqs:us-east-1:000000000000:shop-LockStock${group === undefined ? "" : ".fifo"}`,
    attributes = {},
  }: {
    receives?: number;
    group?: string;
    queueArn?: string;
    attributes?: Readonly<Record<string, SqsAttribute>>;
  } = {},
): SqsRecord {
  const messageId = `message-${made++}`;
  return {
    messageId,
    receiptHandle: `handle-${messageId}`,
    body: typeof body === "string" ? body : body.body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: String(Date.UTC(2026, 0, 1)),
      ...(group === undefined ? {} : { MessageGroupId: group }),
    },
    messageAttributes: attributes,
    eventSourceARN: queueArn,
  };
}

/** The messages that come again, in the order of the records. */
export function failures(response: SqsBatchResponse): readonly string[] {
  return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** The same record as SQS hands it out the next time. */
export function again(one: SqsRecord): SqsRecord {
  const receives = Number(one.attributes.ApproximateReceiveCount) + 1;
  return {
    ...one,
    receiptHandle: `${one.receiptHandle}+`,
    attributes: { ...one.attributes, ApproximateReceiveCount: String(receives) },
  };
}
