import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { AccountPrincipal, type Grant, type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { FifoThroughputScope, type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { type RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Contract } from "../src/contract/index.ts";
import type { ClaimSettings } from "../src/env.ts";
import { SettingsError } from "../src/errors.ts";
import { isFifo, topicName } from "../src/names.ts";
import { allowSnsToUse } from "./allow-sns.ts";
import { Archive } from "./archive.ts";
import type { ArchiveOptions } from "./archive-options.ts";
import { busTopicArn } from "./bus-topic-arn.ts";
import { addClaims, type ClaimOptions } from "./claims.ts";
import { Delay } from "./delay.ts";
import type { DelayOptions } from "./delay-options.ts";
import type { BusAddress, IEventBus } from "./event-bus-address.ts";
import { Governor } from "./governor.ts";
import { grantPublish } from "./grant-publish.ts";
import { enforce, nameGuards } from "./guards/index.ts";
import { ImportedEventBus } from "./imported-event-bus.ts";
import { addJobsDeadLetters } from "./jobs-dead-letters.ts";
import { addJobsTable } from "./jobs-table.ts";
import { Ledger } from "./ledger.ts";
import { addLimitTable } from "./limit-table.ts";
import { addParkedTable } from "./parked-table.ts";

export interface EventBusProps {
  /** Lower-case letters and digits; an environment is part of it, as in `shopdev`. Every physical name begins with it. */
  readonly name: string;

  /**
   * The events of this bus: each contract's topic is made.
   * @default none: name the topics in `topics`
   */
  readonly contracts?: readonly Contract[];

  /**
   * Topics by name, for events whose contracts are not at hand here. `.fifo` at the end makes an ordered one.
   * @default none but those of `contracts`
   */
  readonly topics?: readonly string[];

  /**
   * A key of yours for topics and tables. SNS is allowed to use it for deliveries from this bus.
   * @default the keys that SNS and DynamoDB own: encrypted at rest, and publishers need no right to a key
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether a function closes the mappings of consumers that are held, and opens them when nothing holds them any more.
   * @default true: without it an outage is waited out by retries alone, and a deployment undoes bus pause
   */
  readonly governor?: boolean;

  /**
   * How what was published and what was completed is kept; `false` keeps neither, and nothing can be replayed or
   * reconciled then.
   * @default kept, in segments of an hour: who cannot tell what was published cannot tell what was lost
   */
  readonly archive?: ArchiveOptions | false;

  /**
   * Whether there is a bucket for data that is too large for a message. Publishers that were made with `claims: true` write
   * there, and consumers read it.
   * @default false: what is too large is refused. A second place with people's data is a decision, not a surprise
   */
  readonly claims?: ClaimOptions | boolean;

  /**
   * Whether events can be published later (`publish(…, { at })`, `{ afterMs }`): a queue, a function behind it, an alarm.
   * @default false: a mapping that waits asks its queue all day, some 25 cents a month
   */
  readonly delay?: DelayOptions | boolean;

  /**
   * Other accounts that may subscribe to the topics and publish to them. Their own policies must allow it, too.
   * @default none
   */
  readonly trustedAccounts?: readonly string[];

  /**
   * What becomes of ledger, archive and parked groups when the stack goes. Topics go with it: they hold nothing.
   * @default RETAIN_ON_UPDATE_OR_DELETE: a bus without its memory would repeat effects
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether any second of the last 35 days of the ledger and of parked groups can be restored.
   * @default true: what was done, and what waits, cannot be found out any other way
   */
  readonly pointInTimeRecovery?: boolean;
}

/**
 * A bus: its topics, its ledger, its archive, and what holds its consumers.
 *
 * Consumers bring their own queues, functions and subscriptions, in this stack or in another one: nothing changes here
 * when one is added. Everything is named from the bus, encrypted, and spoken to over TLS only.
 *
 * Throws `SettingsError` on a name that cannot be.
 *
 * @example
 * const bus = new EventBus(this, "Bus", { name: "shop", contracts: [orderCreated] });
 */
export class EventBus extends Construct implements IEventBus {
  /** A bus that stands elsewhere: in another stack, app, account or region. Names are enough, nothing is exported. */
  static fromName(scope: Construct, id: string, name: string, address: BusAddress = {}): IEventBus {
    return new ImportedEventBus(scope, id, name, address);
  }

  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly topics: readonly string[];
  readonly ledger: ITable;
  readonly limits: ITable;
  /** Who does each job of this bus, and how far it is. */
  readonly jobs: ITable;
  /** Where ordered groups wait behind a poison; `undefined` where no topic is ordered. */
  readonly parked: ITable | undefined;
  /** What opens and closes its consumers' mappings; `undefined` where nothing does. */
  readonly governor: IFunction | undefined;
  /** What was published and what was completed; `undefined` where neither is kept. */
  readonly archive: Archive | undefined;
  readonly encryptionKey: IKey | undefined;
  readonly claims: ClaimSettings | undefined;
  readonly delays: boolean;
  /** What publishes events later; `undefined` where nothing does. */
  readonly delay: Delay | undefined;

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    const { name, contracts = [], topics = [], encryptionKey, trustedAccounts = [] } = props;
    const { account, region } = Stack.of(this);
    this.name = name;
    this.account = account;
    this.region = region;
    this.topics = [...new Set([...contracts.map(({ topic }) => topic), ...topics])];
    this.encryptionKey = encryptionKey;
    enforce(nameGuards, { bus: name, topics: this.topics }, { subject: `EventBus ${this.node.path}` });

    for (const topic of this.topics) this.#addTopic(topic, trustedAccounts);
    this.ledger = new Ledger(this, "Ledger", {
      bus: name,
      ...(encryptionKey ? { encryptionKey } : {}),
      ...(props.removalPolicy ? { removalPolicy: props.removalPolicy } : {}),
      ...(props.pointInTimeRecovery === undefined ? {} : { pointInTimeRecovery: props.pointInTimeRecovery }),
    }).table;
    this.limits = addLimitTable(this, name, encryptionKey);
    this.jobs = addJobsTable(this, name, { encryptionKey, removalPolicy: props.removalPolicy });
    const { removalPolicy, pointInTimeRecovery } = props;
    this.parked = this.topics.some(isFifo)
      ? addParkedTable(this, { bus: name, encryptionKey, removalPolicy, pointInTimeRecovery })
      : undefined;
    const { jobs } = this;
    this.governor =
      props.governor === false
        ? undefined
        : new Governor(this, "Governor", { bus: name, jobs, encryptionKey }).function;
    const { archive = {} } = props;
    if (archive !== false) {
      this.archive = new Archive(this, "Archive", {
        ...archive,
        bus: name,
        topicNames: this.topics,
        topics: this.topics.map((topic) => this.topic(topic)),
        parked: this.parked,
        ledger: this.ledger,
        jobs: this.jobs,
        jobsDeadLetters: addJobsDeadLetters(this, name),
        encryptionKey,
        removalPolicy,
      });
    }
    const { claims = false } = props;
    this.claims = claims
      ? addClaims(this, claims === true ? {} : claims, {
          bus: name,
          archived: archive === false ? false : archive.retention,
          ...{ trustedAccounts, encryptionKey, removalPolicy },
        })
      : undefined;
    const { delay = false } = props;
    this.delays = delay !== false;
    this.delay = delay
      ? new Delay(this, "Delay", {
          ...(delay === true ? {} : delay),
          bus: name,
          topicArns: this.topics.map((topic) => this.topicArn(topic)),
          ...{ jobs, encryptionKey, removalPolicy },
        })
      : undefined;
    // Once here, for all: a consumer that shares the key must not change this stack.
    if (encryptionKey)
      allowSnsToUse(
        encryptionKey,
        this.topics.map((topic) => this.topicArn(topic)),
        this,
      );
  }

  topic(name: string): ITopic {
    const topic = this.node.tryFindChild(name);
    if (topic instanceof Topic) return topic;
    throw new SettingsError(
      "contract-topic",
      `bus ${this.name} has no topic ${JSON.stringify(name)}; it has: ${this.topics.join(", ") || "none"}; add it to \`topics\`, or its contract to \`contracts\``,
    );
  }

  topicArn(name: string): string {
    return busTopicArn(this, name);
  }

  grantPublish(grantee: IGrantable, contracts?: readonly Contract[]): Grant {
    return grantPublish(this, grantee, contracts);
  }

  #addTopic(name: string, trustedAccounts: readonly string[]): void {
    const topic = new Topic(this, name, {
      topicName: topicName(this.name, name),
      enforceSSL: true,
      // By group: 300 messages a second for each key, not for the topic.
      ...(isFifo(name) ? { fifo: true, fifoThroughputScope: FifoThroughputScope.MESSAGE_GROUP } : {}),
      ...(this.encryptionKey ? { masterKey: this.encryptionKey } : {}),
    });
    if (trustedAccounts.length > 0) {
      topic.addToResourcePolicy(
        new PolicyStatement({
          sid: "TrustedAccounts",
          principals: trustedAccounts.map((account) => new AccountPrincipal(account)),
          actions: ["sns:Publish", "sns:Subscribe"],
          resources: [topic.topicArn],
        }),
      );
    }
  }
}
