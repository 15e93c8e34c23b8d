import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { EventSourceMapping, IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Stack, Stage } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Contract } from "../src/contract/index.ts";
import type { ConsumerMode } from "../src/env.ts";
import { SettingsError } from "../src/errors.ts";
import {
  drainLease,
  holdKey,
  jobsTableName,
  leaseKey,
  ledgerTableName,
  limitsTableName,
  parkedTableName,
} from "../src/names.ts";
import { allowSnsToUse } from "./allow-sns.ts";
import { grantCheckIn, grantCheckOut } from "./claims.ts";
import { addFunction } from "./consumer-function.ts";
import { addDrain, addMapping } from "./consumer-mapping.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import { addQueues } from "./consumer-queues.ts";
import { grantLater } from "./delay.ts";
import type { IEventBus } from "./event-bus-address.ts";
import { grantTopics } from "./grant-publish.ts";
import { enforce, guards, type LimitShare, type Sibling, shareOf } from "./guards/index.ts";
import { isWithBus } from "./is-with-bus.ts";
import { nameOnBus, twinOf } from "./name-on-bus.ts";
import { planConsumer } from "./plan-consumer.ts";
import { refuseDurations } from "./refuse-durations.ts";
import { refuseWords } from "./refuse-words.ts";
import { subscribe } from "./subscribe.ts";
import { tableKeyActions } from "./table-key-actions.ts";

/** What the ledger's statements are, to IAM. */
const ledgerActions = ["dynamodb:PartiQLInsert", "dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate"];

/** What a transaction does to the ledger beside its statements: the completion, and a look at the claim. */
const transactionActions = ["dynamodb:GetItem", "dynamodb:UpdateItem"];

/** What parking does: markers are read, a line is read, both are changed in transactions. */
const parkedActions = ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"];

/**
 * A consumer: its queue, its dead letters, its subscriptions and its function. Its name is its construct id.
 *
 * It may live in a stack of its own: the bus's stack does not change. Everything is encrypted and spoken to over TLS
 * only, the queue takes messages from its topics alone, and the function's role can do what this consumer does.
 *
 * Throws `SettingsError` with every guard that fires.
 *
 * @example
 * new Consumer(this, "LockStock", { bus, on: [orderCreated], entry: "lambdas/lock-stock.ts", concurrency: 20 });
 */
export class Consumer<C extends Contract = Contract> extends Construct {
  /** The construct id: every physical name of this consumer has it. */
  readonly name: string;
  readonly bus: IEventBus;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  /** What SNS could not hand to the queue. */
  readonly undeliveredQueue: IQueue;
  readonly function: IFunction;
  /** `undefined` where a schedule drains its queue. */
  readonly mapping: EventSourceMapping | undefined;
  readonly #emits: readonly Contract[];
  readonly #isPython: boolean;
  readonly #mode: ConsumerMode;
  readonly #shares: readonly LimitShare[];
  readonly #sibling: Sibling;
  readonly #knowsHolds: boolean;
  readonly #isDrained: boolean;
  readonly #parks: boolean;
  readonly #ledgerKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: ConsumerProps<C>) {
    super(scope, id);
    this.name = id;
    this.bus = props.bus;
    this.#emits = props.emits ?? [];
    this.#isPython = props.language === "python";
    this.#mode = props.mode ?? "once";
    this.#ledgerKey = props.ledgerKey ?? this.bus.encryptionKey;
    nameOnBus(this, { kind: "consumer", bus: this.bus.name, name: id });
    const others = othersOf(this);
    refuseWords(props, `Consumer ${this.node.path}`);
    refuseDurations(props, `Consumer ${this.node.path}`);
    const { facts, settings } = planConsumer(id, props, {
      twin: twinOf(this, { bus: this.bus.name, name: id }),
      shares: others.flatMap((other) => other.#shares ?? []),
      siblings: others.flatMap((other) => other.#sibling ?? []),
      isWithBus: isWithBus(this, this.bus),
    });
    this.#knowsHolds = facts.knowsHolds;
    this.#isDrained = facts.drain === "schedule";
    this.#shares = facts.limits.map((limit) => shareOf(facts, limit));
    this.#sibling = {
      consumer: id,
      leads: facts.leads,
      topics: facts.topics,
      reserved: facts.reserved,
    };
    this.#parks = facts.onPoison === "park";
    const acknowledge = props.acknowledge ?? [];
    enforce(guards, facts, { subject: `Consumer ${this.node.path}`, acknowledge });
    if (settings === undefined) throw new SettingsError("settings-size", facts.settingsProblem ?? "");
    for (const one of acknowledge) this.node.addMetadata("omnibus:acknowledged", one);

    const topicArns = facts.topics.map((topic) => this.bus.topicArn(topic));
    const { encryptionKey, removalPolicy } = props;
    // The bus has done so for its own key, in its own stack.
    if (encryptionKey && encryptionKey !== this.bus.encryptionKey)
      allowSnsToUse(encryptionKey, topicArns, this);
    const queues = addQueues(this, facts, { topicArns, encryptionKey, removalPolicy });
    this.queue = queues.queue;
    this.deadLetterQueue = queues.deadLetterQueue;
    this.undeliveredQueue = queues.undeliveredQueue;
    subscribe(this, this.bus, facts, queues);

    const { handler, role } = addFunction(this, facts, settings, props);
    this.function = handler;
    const grant = this.grantConsume(role);
    this.mapping = this.#isDrained
      ? undefined
      : addMapping(this, facts, { target: handler, queue: this.queue });
    if (this.mapping) grant.applyBefore(this.mapping);
    else addDrain(this, facts, handler);
  }

  /**
   * Lets `grantee` do what this consumer's function does: receive from its queue, write dead letters, keep the ledger,
   * look what holds it, and publish what it emits. For a consumer that is run by hand.
   */
  grantConsume(grantee: IGrantable): Grant {
    const grants = [
      this.queue.grantConsumeMessages(grantee),
      this.deadLetterQueue.grantSendMessages(grantee),
    ];
    if (this.#mode !== "none") grants.push(this.#grantLedger(grantee));
    if (this.#shares.length > 0) grants.push(this.#grantLimits(grantee));
    if (this.#knowsHolds) grants.push(this.#grantHolds(grantee));
    if (this.#parks) grants.push(this.#grantParked(grantee), this.queue.grantSendMessages(grantee));
    if (this.#emits.length > 0) grants.push(grantTopics(this.bus, grantee, this.#emits));
    // What it emits in Python goes out at once, and has to fit into a message.
    const emitsMore = this.#emits.length > 0 && !this.#isPython;
    if (emitsMore && this.bus.delays && isWithBus(this, this.bus)) grants.push(grantLater(this.bus, grantee));
    if (emitsMore && this.bus.claims) grants.push(grantCheckIn(this.bus, grantee));
    if (this.bus.claims) grants.push(grantCheckOut(this.bus, grantee));
    return grants.reduce((all, one) => all.combine(one));
  }

  #grantLimits(grantee: IGrantable): Grant {
    this.bus.encryptionKey?.grant(grantee, ...tableKeyActions);
    return Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:UpdateItem"],
      resourceArns: [tableArn(this, limitsTableName(this.bus.name))],
    });
  }

  /** Its own items of the jobs table, and no other consumer's. */
  #grantHolds(grantee: IGrantable): Grant {
    const own = [holdKey(this.name), ...(this.#isDrained ? [leaseKey(drainLease(this.name))] : [])];
    this.bus.encryptionKey?.grant(grantee, ...tableKeyActions);
    return Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      resourceArns: [tableArn(this, jobsTableName(this.bus.name))],
      conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": own } },
    });
  }

  #grantParked(grantee: IGrantable): Grant {
    this.bus.encryptionKey?.grant(grantee, ...tableKeyActions);
    return Grant.addToPrincipal({
      grantee,
      actions: parkedActions,
      resourceArns: [tableArn(this, parkedTableName(this.bus.name))],
    });
  }

  /** The ledger where this consumer runs, by name: the bus's stack exports nothing. */
  #grantLedger(grantee: IGrantable): Grant {
    const ledger = tableArn(this, ledgerTableName(this.bus.name));
    this.#ledgerKey?.grant(grantee, ...tableKeyActions);
    const actions = this.#mode === "transaction" ? [...ledgerActions, ...transactionActions] : ledgerActions;
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [ledger] });
  }
}

function tableArn(scope: Construct, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: "dynamodb", resource: "table", resourceName });
}

/** The other consumers of the same bus in this stage, as far as they are made. */
function othersOf(consumer: Consumer): readonly Consumer[] {
  const stage: Construct = Stage.of(consumer) ?? consumer;
  return stage.node
    .findAll()
    .filter(
      (other): other is Consumer =>
        other instanceof Consumer && other !== consumer && other.bus.name === consumer.bus.name,
    );
}
