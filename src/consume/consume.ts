import { type Breaker, createBreaker, dynamoHolds, type HoldStore, probeOf } from "../breaker/index.ts";
import { type ClaimSource, type ClaimStore, createClaimWriter, s3Claims } from "../claim-check/index.ts";
import { type Clock, systemClock } from "../clock.ts";
import { type Contract, contractKey } from "../contract/index.ts";
import { type ConsumerSettings, readSettings, settingsVariable } from "../env.ts";
import { SettingsError } from "../errors.ts";
import type { Leases } from "../leases/index.ts";
import { dynamoLedger, type Ledger } from "../ledger/index.ts";
import { checkLimits, createLimiter, dynamoLimits, type Limit, type LimitStore } from "../limits/index.ts";
import {
  claimsBucketName,
  jobsTableName,
  ledgerTableName,
  limitsTableName,
  parkedTableName,
} from "../names.ts";
import { dynamoParked, type ParkedStore } from "../parking/index.ts";
import { createPublisher, type PublisherDelays, type TopicPort } from "../publish/index.ts";
import { type Sink, standardOutput } from "../telemetry/index.ts";
import { dynamoTransactions, type TransactionStore } from "../transaction/index.ts";
import { answerProbe } from "./answer-probe.ts";
import type { ConsumerParts, Handler, LimitAt, Probe } from "./batch-run.ts";
import { remember } from "./consumed-by.ts";
import { drain } from "./drain/drain.ts";
import { isDrainRequest } from "./drain/drain-request.ts";
import { type DrainTools, drainTools } from "./drain/drain-tools.ts";
import type { Inbox } from "./drain/ports.ts";
import type { ConsumerQueues } from "./ports.ts";
import { refuseUnrunHandler } from "./refuse-unrun.ts";
import { runBatch } from "./run-batch.ts";
import type { LambdaContext, SqsBatchResponse, SqsEvent } from "./sqs-event.ts";
import { sqsQueues } from "./sqs-queues.ts";

/** How a consumer is limited, and how it learns of an outage's end; and what tests and simulations put in the place of AWS: a deployed function needs none of that. */
export interface ConsumeOptions {
  /** What its starts are limited by; the same as given to the `Consumer` construct. @default none */
  readonly limits?: readonly Limit[];
  /**
   * What counts. `handler`: every start of the handler waits for its turn. `call`: the handler starts at once, and
   * what it does through `ctx.limit.run(fn)` waits. @default "handler"
   */
  readonly limitAt?: LimitAt;
  /**
   * Asks a dependency that the handler has called down (`DependencyDown`) whether it answers again: returns when it does,
   * throws while it does not. A cheap question of its own, such as a health page. It is asked every few seconds.
   * @default a single message is let through, and its handler finds out
   */
  readonly probe?: Probe;
  /** @default the bus's table on DynamoDB */
  readonly limitStore?: LimitStore;
  /** What holds the consumer. Not asked where its settings know no breaker. @default the bus's table on DynamoDB */
  readonly holds?: HoldStore;
  /** Where groups wait behind a poison, if the consumer parks. @default the bus's table on DynamoDB */
  readonly parkedStore?: ParkedStore;
  /** Where it receives by itself, if a schedule drains it. @default its queue on SQS */
  readonly inbox?: Inbox;
  /** Keeps two runs of a schedule apart. @default the bus's table on DynamoDB */
  readonly leases?: Leases;
  /** @default what the stack wrote into the function's environment */
  readonly settings?: ConsumerSettings;
  /** @default the bus's table on DynamoDB */
  readonly ledger?: Ledger;
  /** Where a handler's writes are committed, in mode `transaction`. @default DynamoDB, with the bus's table */
  readonly transactions?: TransactionStore;
  /** Where data lies that was too large for a message, if its settings know of claims. @default the bus's bucket, in S3 */
  readonly claimStore?: ClaimStore;
  /** @default SQS */
  readonly queues?: ConsumerQueues;
  /** Where emitted events go. @default SNS */
  readonly topics?: TopicPort;
  /** Where emitted events wait that are due later. @default the bus's queue in SQS */
  readonly delays?: PublisherDelays;
  readonly clock?: Clock;
  /** Where logs and metrics go. @default standard output, which CloudWatch reads */
  readonly sink?: Sink;
  /** @default `process.exit(1)` */
  readonly endProcess?: () => void;
}

/**
 * A Lambda function behind an SQS event source mapping with `ReportBatchItemFailures`; or called by a schedule, to drain its
 * queue by itself.
 */
export type SqsHandler = (event: SqsEvent, context: LambdaContext) => Promise<SqsBatchResponse>;

/**
 * Makes a Lambda function of a handler for one contract or several.
 *
 * Delivery: at least once from SQS; in mode `once` the ledger lets a handled event run no second time, so its record is
 * kept exactly once, and effects outside are repeated only when the process dies between the effect and its
 * record: give `ctx.effectKey` to whoever can know it again. In mode `transaction` what the handler returns, or gives to
 * `ctx.write`, is committed to DynamoDB in one transaction with that record: exactly once. A throw means "try again later", with backoff, up to
 * the consumer's attempts; `PermanentError` means dead at once. Events run side by side in a batch, FIFO groups in
 * order.
 *
 * Throws `SettingsError` when the contracts are not those that the stack has subscribed, for one limit with two rates, and
 * for a generator.
 *
 * @example
 * export const handler = consume(orderCreated, async (event, ctx) => {
 *   await reserve(event.data.orderId, { idempotencyKey: ctx.effectKey });
 *   ctx.emit(stockLocked, { orderId: event.data.orderId });
 * });
 */
export function consume<const On extends Contract | readonly Contract[]>(
  on: On,
  handler: Handler<On extends readonly Contract[] ? On[number] : On>,
  options: ConsumeOptions = {},
): SqsHandler {
  refuseUnrunHandler(handler);
  const contracts: readonly Contract[] = Array.isArray(on) ? on : [on as Contract];
  const settings = options.settings ?? readSettings();
  const limits = options.limits ?? [];
  checkLimits(limits);
  if (settings) refuseDifference(settings, contracts);
  if (settings) refuseOtherLimits(settings, limits);
  let parts: ConsumerParts | undefined;
  let tools: DrainTools | undefined;

  const lambda: SqsHandler = async (event, context) => {
    const probed = probeOf(event);
    const hasRecords = Array.isArray(event?.Records);
    const drains = isDrainRequest(event);
    if (probed === undefined && !hasRecords && !drains) refuseOtherEvents();
    parts ??= assemble(settings ?? missing(), contracts, handler as Handler<Contract>, options);
    if (drains) {
      const { clock } = parts;
      tools ??= drainTools(parts.settings, limits, { ...options, clock });
      return { batchItemFailures: [], drain: await drain(context, parts, tools) };
    }
    if (probed !== undefined && !hasRecords) return answerProbe(probed, context, parts, options.probe);
    return runBatch(event.Records, context, parts, { probing: probed !== undefined });
  };
  const { limitAt = "handler", probe } = options;
  return remember({ contracts, handler: handler as Handler<Contract>, limits, limitAt, probe }, lambda);
}

function assemble(
  settings: ConsumerSettings,
  contracts: readonly Contract[],
  handler: Handler<Contract>,
  options: ConsumeOptions,
): ConsumerParts {
  const { clock = systemClock, sink = standardOutput } = options;
  const { bus, consumer, keepMs } = settings;
  const claims = claimsOf(settings, options.claimStore, clock);
  const { bucket, store: claimStore } = claims;
  const { limits = [], limitStore: store = dynamoLimits({ table: limitsTableName(bus), clock }) } = options;
  return {
    settings,
    contracts,
    handler,
    ledger: options.ledger ?? dynamoLedger({ table: ledgerTableName(bus), keepMs, clock }),
    transactions:
      settings.mode === "transaction"
        ? (options.transactions ?? dynamoTransactions({ table: ledgerTableName(bus), keepMs, clock }))
        : undefined,
    queues: options.queues ?? sqsQueues(),
    publisher: createPublisher({
      bus,
      source: `/${bus}/${consumer}`,
      account: settings.account,
      region: settings.region,
      clock,
      ...(options.topics ? { topics: options.topics } : {}),
      ...(options.delays ? { delays: options.delays } : {}),
      ...(options.sink ? { metrics: options.sink } : {}),
    }),
    limiter: limits.length > 0 ? createLimiter({ limits, store, clock }) : undefined,
    limitAt: options.limitAt ?? "handler",
    breaker: breakerFor(settings, options),
    parkedStore:
      settings.onPoison === "park"
        ? (options.parkedStore ?? dynamoParked({ table: parkedTableName(bus), clock }))
        : undefined,
    claims,
    claimWriter: bucket === undefined ? undefined : createClaimWriter({ bucket, store: claimStore, clock }),
    clock,
    sink,
    endProcess: options.endProcess ?? (() => process.exit(1)),
  };
}

/** The bus's own bucket, by its name: what an event says of it is compared, and never followed. */
function claimsOf(
  { bus, account, region, claims }: ConsumerSettings,
  given: ClaimStore | undefined,
  clock: Clock,
): ClaimSource {
  const bucket = claimsBucketName(bus, account, region);
  return {
    bucket: claims ? bucket : undefined,
    store: given ?? s3Claims({ bucket, region, clock }),
    keptMs: claims?.keepMs ?? Number.POSITIVE_INFINITY,
    nowMs: clock.nowMs,
  };
}

function breakerFor(
  { bus, consumer, breaker }: ConsumerSettings,
  options: ConsumeOptions,
): Breaker | undefined {
  if (!breaker) return undefined;
  const { clock = systemClock, sink = standardOutput } = options;
  const { holds: store = dynamoHolds({ table: jobsTableName(bus), clock }) } = options;
  return createBreaker({ ...breaker, consumer, store, ownProbe: options.probe !== undefined, clock, sink });
}

/** The stack subscribes, the code handles: where they differ, events would be lost or die without a reader. */
function refuseDifference({ on, consumer }: ConsumerSettings, contracts: readonly Contract[]): void {
  const handled = contracts.map(contractKey);
  const missing = on.filter((key) => !handled.includes(key));
  const extra = handled.filter((key) => !on.includes(key));
  if (missing.length === 0 && extra.length === 0) return;
  throw new SettingsError(
    "contracts-differ",
    `consumer ${consumer} was deployed for ${list(on)}, and its code handles ${list(handled)}${missing.length > 0 ? `; not handled: ${list(missing)}` : ""}${extra.length > 0 ? `; not subscribed: ${list(extra)}` : ""}. Give the Consumer construct and consume() the same contracts`,
  );
}

/** A rate that the stack has not planned for, or that only some of its code keeps, is none. */
function refuseOtherLimits({ limits = [], consumer }: ConsumerSettings, declared: readonly Limit[]): void {
  const meanings = declared.map(({ meaning }) => meaning);
  if (list(limits) === list(meanings)) return;
  throw new SettingsError(
    "limits-differ",
    `consumer ${consumer} was deployed with the limits ${list(limits)}, and its code declares ${list(meanings)}. Give the Consumer construct and consume() the same limits`,
  );
}

function list(keys: readonly string[]): string {
  return keys.length > 0 ? [...keys].sort().join(", ") : "nothing";
}

function missing(): never {
  throw new SettingsError(
    "settings-missing",
    `the variable ${settingsVariable} is not set: the Consumer construct writes it into the function's environment; in a test, give consume() its settings and parts as options`,
  );
}

function refuseOtherEvents(): never {
  throw new SettingsError(
    "not-sqs",
    "the function was invoked with something that is no SQS batch (it has no Records): invoke it through its queue's event source mapping",
  );
}
