import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Architecture, RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { Contract } from "../src/contract/index.ts";
import type { ConsumerMode, OnPoison } from "../src/env.ts";
import type { Limit } from "../src/limits/index.ts";
import type { DrainBy } from "../src/plan/index.ts";
import type { Bundling } from "./bundle.ts";
import type { IEventBus } from "./event-bus-address.ts";
import type { Expect } from "./expect.ts";
import type { Where } from "./filter-policy.ts";
import type { Acknowledgement } from "./guards/index.ts";
import type { HandlerLanguage } from "./handler-language.ts";

/** What a consumer's retries must outlast. */
export interface Retry {
  /**
   * An outage of this length kills no event.
   * @default 6 hours: what goes down in the evening is seen to by the morning shift
   */
  readonly survive?: Duration;
  /**
   * Ceiling of the first retry's delay; each further one is twice as high, and the delay a random part of it.
   * @default 5 seconds: most failures are gone by then
   */
  readonly firstDelay?: Duration;
  /**
   * The highest ceiling.
   * @default 15 minutes: how late a recovery may be noticed
   */
  readonly maxDelay?: Duration;
}

/** When a dependency counts as down, and how its end is found out. */
export interface Breaker {
  /**
   * So many events must have failed by it (`DependencyDown`) within `window`, and half of all that ended.
   * @default 5: fewer than one batch has, more than chance
   */
  readonly failures?: number;
  /**
   * How long a failure counts.
   * @default 30 seconds: a partner that fails now and then is not down
   */
  readonly window?: Duration;
  /**
   * From one probe to the next: how late its return may be noticed.
   * @default 10 seconds
   */
  readonly probeEvery?: Duration;
}

export interface ConsumerProps<C extends Contract = Contract> {
  /** The bus that the events come from. */
  readonly bus: IEventBus;

  /** The contracts that the handler takes: the same as in its `consume(…)`. */
  readonly on: readonly C[];

  /** The handler's file: a path from the working directory, or `new URL("./handler.ts", import.meta.url)`. */
  readonly entry: string | URL;

  /**
   * What the handler is written in. In Python, the entry's whole folder comes along, and `omnibus` with the contracts.
   * @default "typescript", or JavaScript: what the bus itself is written in
   */
  readonly language?: HandlerLanguage;

  /**
   * The name that the file exports the handler by.
   * @default "handler": Lambda's own habit
   */
  readonly handler?: string;

  /**
   * Which of the events: by filterable fields of their data. The others are never delivered.
   * @default all events of `on`
   */
  readonly where?: Where<C>;

  /**
   * The contracts that the handler emits: it may publish to their topics.
   * @default none
   */
  readonly emits?: readonly Contract[];

  /**
   * What each of `on` may lead to, where that is not all of `emits`: for the guard against circles.
   * @default each of `on` may lead to every one of `emits`
   */
  readonly leads?: readonly { readonly on: Contract; readonly to: readonly Contract[] }[];

  /**
   * How effects are kept single. `"transaction"`: what the handler writes to DynamoDB is committed with its completion; its
   * function needs `table.grantReadWriteData(consumer.function)` for that.
   * @default "once": claimed before the handler runs, completed after it
   */
  readonly mode?: ConsumerMode;

  /**
   * What becomes of an ordered group when one of its events is dead. `"skip"`: it goes on with the next one. `"park"`: it
   * waits, in the order in which events came, until `bus dlq release`; other groups go on.
   * @default "skip": as AWS does it; no group stands still until somebody looks, and no batch asks about parked groups
   */
  readonly onPoison?: OnPoison;

  /**
   * Most invocations at once: reserved for this function, and the most that its mapping asks for.
   * @default nothing is reserved (that takes from the whole account), and the mapping asks for at most 10 at once
   */
  readonly concurrency?: number;

  /**
   * Most invocations that the mapping asks for at once, 2 to 1,000; `"unset"` leaves it to Lambda.
   * @default `concurrency`, so that nothing is pulled that cannot run
   */
  readonly maximumConcurrency?: number | "unset";

  /**
   * Provisioned mode: pollers that are kept ready, and how many they may become. Each has up to 10 invocations at once;
   * there are more of them, sooner, than in standard mode, and they are paid by the hour. Without `maximumConcurrency`.
   * @default standard mode: 5 batches at once, and 300 more each minute
   */
  readonly pollers?: { readonly minimum: number; readonly maximum: number };

  /**
   * The limits that its starts keep: the same as in its `consume(…, { limits })`. Every consumer of the bus that names
   * one shares it.
   * @default none
   */
  readonly limits?: readonly Limit[];

  /**
   * Who takes its messages. `"mapping"`: Lambda's event source mapping, as they come. `"schedule"`: its own function, called
   * every minute, takes as many as its limits let start; for rates that are too slow for a mapping.
   * @default "mapping", where two starts fit into what each limit can reserve ahead (a mapping runs two at once at least),
   * else "schedule": 5/min and 10/h are drained, 50/s is not
   */
  readonly drain?: DrainBy;

  /**
   * What it is expected to carry. Numbers that cannot work fail at synth, with the arithmetic; `bus plan` shows all of it.
   * @default nothing is checked against a load
   */
  readonly expect?: Expect;

  /**
   * Handlers that run side by side within one batch.
   * @default 10: handlers mostly wait for others, and a batch then takes as long as its slowest event
   */
  readonly parallel?: number;

  /**
   * Most messages in one invocation. More than 10 need a `batchWindow`.
   * @default 10: what one receive brings
   */
  readonly batchSize?: number;

  /**
   * How long Lambda may wait for a batch to fill.
   * @default none: no event waits for another one
   */
  readonly batchWindow?: Duration;

  /**
   * The largest message that this consumer is sent, in bytes: for the arithmetic of `batchSize`.
   * @default 262144: what SNS takes
   */
  readonly maxMessageBytes?: number;

  /**
   * Most time for one batch.
   * @default 30 seconds: calls to others, repeated once or twice, fit in; 5 minutes where a schedule drains it, for one run
   * works as long as there is something to do
   */
  readonly timeout?: Duration;

  /**
   * Memory in MB; CPU grows with it.
   * @default 512: a handler that calls others gains little beyond it, below it the start gets slow
   */
  readonly memorySize?: number;

  /** @default ARM_64: a fifth cheaper for the same work */
  readonly architecture?: Architecture;

  /**
   * What an outage may last.
   * @default 6 hours, with delays from 5 seconds to 15 minutes
   */
  readonly retry?: Retry;

  /**
   * When a dependency counts as down, so that the consumer is held until it answers again.
   * @default five failures in half a minute, probed every ten seconds
   */
  readonly breaker?: Breaker;

  /**
   * Receives before SQS itself makes a message a dead letter. The ledger's attempts come first.
   * @default ten for each attempt that `retry` plans, at least 5 and at most 1,000
   */
  readonly maxReceiveCount?: number;

  /**
   * How long a message that was handed out stays hidden when nothing is heard of it.
   * @default 6 × timeout + batchWindow: what AWS asks for
   */
  readonly visibilityTimeout?: Duration;

  /**
   * How long the queue keeps a message.
   * @default 4 days, or what `retry` can last, whichever is longer: a weekend, and room for dead letters to outlive it
   */
  readonly retention?: Duration;

  /**
   * How long dead letters and undelivered messages are kept.
   * @default 14 days: the most there is
   */
  readonly deadLetterRetention?: Duration;

  /**
   * How long the ledger remembers what was done, from its last write.
   * @default a day longer than anything can come back: 60 days with the other defaults
   */
  readonly keep?: Duration;

  /**
   * A key of yours for the queue and the dead-letter queue; give it by ARN when it belongs to another stack. The
   * undelivered queue stays with SQS's own key, so that a broken key policy cannot fail both.
   * @default SQS's own key
   */
  readonly encryptionKey?: IKey;

  /**
   * The key of the ledger that this consumer keeps: for a `Ledger` beside a consumer in another account or region than
   * its bus, when it has a key of its own. The function is then allowed to use it.
   * @default the bus's `encryptionKey`, if it has one
   */
  readonly ledgerKey?: IKey;

  /**
   * What becomes of dead letters and undelivered messages when the stack goes. Queue and function go with it.
   * @default RETAIN_ON_UPDATE_OR_DELETE: they are the only copy of something that went wrong
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * More variables for the handler.
   * @default none
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Options for esbuild; not for handlers in Python, which nothing bundles.
   * @default one minified ES module for Node 24 with a source map, all packages inside
   */
  readonly bundling?: Bundling;

  /**
   * What Lambda does when events run in a circle through this function: its handler leads to events that it handles.
   * @default TERMINATE: Lambda's own, after about 16 rounds
   */
  readonly recursiveLoop?: RecursiveLoop;

  /**
   * A network for the function.
   * @default none: it reaches AWS and the internet by itself
   */
  readonly vpc?: IVpc;
  /** @default the network's private subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** @default one that lets everything out */
  readonly securityGroups?: readonly ISecurityGroup[];

  /**
   * A log group of yours; `logRetention` is then its own affair.
   * @default `/aws/lambda/{bus}-{consumer}`, which goes with the stack
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long logs are kept.
   * @default ONE_MONTH: longer than dead letters, so that each can be explained
   */
  readonly logRetention?: RetentionDays;

  /**
   * Guards to turn off here, each with its reason.
   * @default none
   */
  readonly acknowledge?: readonly Acknowledgement[];
}
