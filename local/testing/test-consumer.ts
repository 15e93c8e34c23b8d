import type { ClaimStore } from "../../src/claim-check/index.ts";
import type { Clock } from "../../src/clock.ts";
import {
  type Consumed,
  consume,
  consumedBy,
  type LimitedCalls,
  type SqsEvent,
  type SqsHandler,
} from "../../src/consume/index.ts";
import type { WireMessage } from "../../src/contract/index.ts";
import { describeError, SettingsError } from "../../src/errors.ts";
import { inMemoryLedger } from "../../src/ledger/index.ts";
import type { LimitStore } from "../../src/limits/index.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import { functionName, ledgerTableName, queueName } from "../../src/names.ts";
import { inMemoryParked, type ParkedStore } from "../../src/parking/index.ts";
import { consumerDefaults } from "../../src/plan/index.ts";
import type { PublisherDelays, TopicPort } from "../../src/publish/index.ts";
import { type InMemoryTables, inMemoryTransactions } from "../../src/transaction/index.ts";
import { type InMemoryQueue, type InvokeResult, inMemoryQueue, startMapping } from "../mapping/index.ts";
import type { Patience } from "./patience.ts";
import type { TestConsumer } from "./test-consumer-props.ts";
import { queuesOver } from "./test-queues.ts";
import { settingsOf, testPlace } from "./test-settings.ts";

/** A consumer with all that AWS would put round it. */
export interface RunningTestConsumer {
  readonly name: string;
  readonly queue: InMemoryQueue;
  readonly deadLetters: InMemoryQueue;
  readonly parkedStore: ParkedStore;
  /** Whether its subscription matches. */
  wants(message: WireMessage): boolean;
}

/** Starts the real pipeline over a queue, a ledger and an event source mapping in memory. */
export function startTestConsumer({
  name,
  bus,
  consumer,
  clock,
  topics,
  delays,
  limitStore,
  tables,
  claimStore,
  patience,
  onLines,
  onCrash,
}: {
  name: string;
  bus: string;
  consumer: TestConsumer;
  clock: Clock;
  topics: TopicPort;
  /** Where what it emits waits until it is due. */
  delays: PublisherDelays;
  /** Shared by the consumers of a bus, as its table is. */
  limitStore: LimitStore;
  /** Shared as well: what handlers in mode `transaction` write to. */
  tables: InMemoryTables;
  /** Where the data of large events lies; absent where the bus has no claims. */
  claimStore: ClaimStore | undefined;
  patience: Patience;
  onLines: (text: string) => void;
  onCrash: (message: string) => void;
}): RunningTestConsumer {
  const { contracts, handler, limits, limitAt } = madeByConsume(name, consumer.handler);
  const { timeoutMs = consumerDefaults.timeoutMs } = consumer;
  const { settings, maxReceiveCount } = settingsOf({
    ...{ bus, name, contracts, limits, consumer, timeoutMs },
    claims: claimStore !== undefined,
  });
  const { fifo, keepMs } = settings;
  const visibilityTimeoutMs = lambda.visibilityFactor * timeoutMs;
  const deadLetters = inMemoryQueue({ clock, visibilityTimeoutMs, fifo });
  const queue = inMemoryQueue({ clock, visibilityTimeoutMs, fifo, maxReceiveCount, deadLetters });
  const parkedStore = inMemoryParked();
  const ledger = inMemoryLedger({ keepMs, clock });
  let invocations = 0;
  let ended = false;
  const run = consume(
    contracts,
    (event, context) =>
      patience.during(name, async (inVirtualTime) => {
        const limit: LimitedCalls = {
          run: (call) => inVirtualTime((real) => context.limit.run(() => real(call))),
        };
        return handler(event, { ...context, limit });
      }),
    {
      limits,
      limitAt,
      limitStore,
      parkedStore,
      ...(claimStore ? { claimStore } : {}),
      settings,
      topics,
      delays,
      clock,
      ledger,
      transactions: inMemoryTransactions({ ledger, tables, table: ledgerTableName(bus) }),
      queues: queuesOver(queue, deadLetters),
      sink: onLines,
      endProcess: () => {
        ended = true;
      },
    },
  );

  const invoke = async (_name: string, payload: string): Promise<InvokeResult> => {
    const endsMs = clock.nowMs() + timeoutMs;
    try {
      const answer = await run(JSON.parse(payload) as SqsEvent, {
        awsRequestId: `${name}-${++invocations}`,
        getRemainingTimeInMillis: () => endsMs - clock.nowMs(),
      });
      if (!ended) return { status: "ok", payload: JSON.stringify(answer) };
      ended = false;
      return { status: "error", kind: "exit", payload: "{}" };
    } catch (error) {
      onCrash(describeError(error).message);
      return { status: "error", kind: "thrown", payload: "{}" };
    }
  };
  startMapping(
    {
      uuid: name,
      queueArn: `arn:aws:sqs:${testPlace.region}:${testPlace.account}:${queueName(bus, name, fifo)}`,
      functionName: functionName(bus, name),
      batchSize: consumerDefaults.batchSize,
      windowMs: 0,
      reportBatchItemFailures: true,
      fifo,
      enabled: true,
    },
    { queue, functions: { invoke }, clock },
  );
  return {
    name,
    queue,
    deadLetters,
    parkedStore,
    wants: ({ topic, type }) =>
      contracts.some((contract) => contract.topic === topic && contract.type === type),
  };
}

function madeByConsume(name: string, handler: SqsHandler): Consumed {
  const consumed = consumedBy(handler);
  if (consumed) return consumed;
  throw new SettingsError(
    "test-handler",
    `consumers.${name}: the handler was not made by consume(): give what its file exports, as in { ${name}: handler }`,
  );
}
