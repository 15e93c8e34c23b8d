import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { Architecture, EventSourceMapping, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Duration, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { jobSettingsVariable } from "../src/env.ts";
import { archiveBucketName, jobsTableName, reconcileKeys, reconcilerName } from "../src/names.ts";
import type { IEventBus } from "./event-bus-address.ts";
import { addFunctionRole } from "./function-role.ts";
import {
  enforce,
  memoryGuards,
  type NameFacts,
  nameGuards,
  type ReconcilerFacts,
  reconcilerGuards,
} from "./guards/index.ts";
import { nodeCode } from "./handler-code.ts";
import { isWithBus } from "./is-with-bus.ts";
import { nameOnBus, twinOf } from "./name-on-bus.ts";
import { planReconciler } from "./plan-reconciler.ts";
import { addReconcilerAlarms } from "./reconciler-alarms.ts";
import type { ReconcilerProps } from "./reconciler-props.ts";
import { addReconcilerQueues, type ReconcilerQueues } from "./reconciler-queues.ts";
import { addSchedule } from "./schedule.ts";
import { tableKeyActions } from "./table-key-actions.ts";

/** What a job does to the table of jobs: its own items, and the sealed digests of DynamoDB sources. */
const tableActions = [
  "dynamodb:BatchGetItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:Query",
  "dynamodb:UpdateItem",
];

/**
 * A reconciliation on a schedule: compares two sides, keeps what differs open until it is gone, reports, and repairs what it may.
 * Its name is its construct id.
 *
 * Grant `function` what its sides need: `table.grantReadData(transfers.function)`. Throws `SettingsError` with every guard
 * that fires.
 *
 * @example
 * new Reconciler(this, "Transfers", {
 *   bus, entry: "lambdas/transfers.ts", every: Duration.hours(1), settle: Duration.minutes(15),
 *   repair: { auto: { classes: ["missing-right"], atMost: { differences: 20, amount: 100_000 } } },
 * });
 */
export class Reconciler extends Construct {
  /** The construct id: every physical name of this job has it. */
  readonly name: string;
  readonly bus: IEventBus;
  readonly function: LambdaFunction;
  /** Parts of a large comparison that wait to be compared. */
  readonly windowsQueue: IQueue;
  /** Parts that were begun over and over. */
  readonly deadLetterQueue: IQueue;
  /** Runs that could not be started, or failed. */
  readonly undeliveredQueue: IQueue;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ReconcilerProps) {
    super(scope, id);
    this.name = id;
    this.bus = props.bus;
    const { bus, acknowledge = [] } = props;
    nameOnBus(this, { kind: "reconciler", bus: bus.name, name: id });
    const { facts, settings } = planReconciler(id, props, {
      twin: twinOf(this, { bus: bus.name, name: id }),
      isWithBus: isWithBus(this, bus),
    });
    enforce<ReconcilerFacts & NameFacts>(
      [...nameGuards, ...reconcilerGuards, ...memoryGuards],
      { ...facts, consumer: id, topics: [] },
      { subject: `Reconciler ${this.node.path}`, acknowledge },
    );
    for (const one of acknowledge) this.node.addMetadata("omnibus:acknowledged", one);

    const { encryptionKey, removalPolicy } = props;
    const queues = addReconcilerQueues(this, facts, { encryptionKey, removalPolicy });
    this.windowsQueue = queues.windows;
    this.deadLetterQueue = queues.deadLetters;
    this.undeliveredQueue = queues.unscheduled;
    this.function = this.#addFunction(facts, settings, queues, props);
    const grants = [
      this.#grantTable(this.function),
      this.#grantObjects(this.function, props),
      queues.windows.grantSendMessages(this.function),
      queues.windows.grantConsumeMessages(this.function),
    ];
    const mapping = new EventSourceMapping(this, "Mapping", {
      target: this.function,
      eventSourceArn: queues.windows.queueArn,
      // A part may take as long as the function has.
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: facts.concurrency,
    });
    for (const grant of grants) grant.applyBefore(mapping);
    addSchedule(this, "Schedule", {
      name: reconcilerName(bus.name, id),
      every: facts.every,
      target: this.function,
      deadLetterQueue: queues.unscheduled,
      input: { omnibus: { v: 1, do: "run", by: "schedule" } },
    });
    this.alarms = props.alarms === false ? [] : addReconcilerAlarms(this, facts, queues, props.alarmAction);
  }

  #addFunction(
    facts: ReconcilerFacts,
    settings: string,
    queues: ReconcilerQueues,
    props: ReconcilerProps,
  ): LambdaFunction {
    const functionName = reconcilerName(facts.bus, facts.job);
    const { role, logGroup } = addFunctionRole(this, {
      functionName,
      logGroup: props.logGroup,
      logRetention: props.logRetention,
      isInNetwork: props.vpc !== undefined,
    });
    return new LambdaFunction(this, "Function", {
      functionName,
      ...nodeCode(this, props),
      architecture: props.architecture ?? Architecture.ARM_64,
      memorySize: facts.memorySize,
      timeout: facts.timeout,
      environment: { ...props.environment, [jobSettingsVariable]: settings },
      role,
      logGroup,
      // The next run does what one that failed did not: two more tries, and not after it.
      retryAttempts: 2,
      maxEventAge: shorter(facts.every, Duration.hours(6)),
      deadLetterQueue: queues.unscheduled,
      ...(props.vpc ? { vpc: props.vpc } : {}),
      ...(props.vpcSubnets ? { vpcSubnets: props.vpcSubnets } : {}),
      ...(props.securityGroups ? { securityGroups: [...props.securityGroups] } : {}),
    });
  }

  /** This job's items of the table of jobs, and no other job's. */
  #grantTable(grantee: IGrantable): Grant {
    const { name: bus, encryptionKey } = this.bus;
    encryptionKey?.grant(grantee, ...tableKeyActions);
    const { state, open, repair, begun, repairs, audit, sealed } = reconcileKeys;
    const keys = [state, open, repair, begun, repairs, audit].map((key) => key(this.name));
    return Grant.addToPrincipal({
      grantee,
      actions: tableActions,
      resourceArns: [
        Stack.of(this).formatArn({
          service: "dynamodb",
          resource: "table",
          resourceName: jobsTableName(bus),
        }),
      ],
      conditions: {
        "ForAllValues:StringLike": {
          "dynamodb:LeadingKeys": [...keys, state(`${this.name}/*`), sealed("*")],
        },
      },
    });
  }

  /** This job's reports and plans, and nothing else of the bucket. */
  #grantObjects(grantee: IGrantable, { bucket }: ReconcilerProps): Grant {
    const { name: bus, account, region, encryptionKey } = this.bus;
    const { partition } = Stack.of(this);
    const arn = bucket?.bucketArn ?? `arn:${partition}:s3:::${archiveBucketName(bus, account, region)}`;
    (bucket ? bucket.encryptionKey : encryptionKey)?.grantEncryptDecrypt(grantee);
    return Grant.addToPrincipal({
      grantee,
      actions: ["s3:GetObject", "s3:PutObject"],
      resourceArns: [`${arn}/reports/${this.name}/*`, `${arn}/plans/${this.name}/*`],
    });
  }
}

function shorter(one: Duration, other: Duration): Duration {
  return one.toMilliseconds() < other.toMilliseconds() ? one : other;
}
