import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { EventSourceMapping, type IFunction } from "aws-cdk-lib/aws-lambda";
import { type IQueue, Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Aws, Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { type DelayerSettings, encodeJobSettings, jobSettingsVariable } from "../src/env.ts";
import { lambda, sqs } from "../src/limits-of-aws.ts";
import {
  delayedDeadLetterQueueName,
  delayedQueueName,
  delayKey,
  delayScheduleName,
  jobsTableName,
} from "../src/names.ts";
import { addDelayAlarm } from "./delay-alarm.ts";
import type { DelayOptions } from "./delay-options.ts";
import type { IEventBus } from "./event-bus-address.ts";
import { addJobFunction } from "./job-function.ts";
import { tableKeyActions } from "./table-key-actions.ts";

const timeout = Duration.minutes(1);
/** What waits here is nowhere else. */
const retentionPeriod = Duration.seconds(sqs.maxRetentionSeconds);
/** Decisions about delayed events, and none of the bus's other items. */
const decisions = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [delayKey("*")] } };

export interface DelayProps extends DelayOptions {
  readonly bus: string;
  /** The topics' ARNs. */
  readonly topicArns: readonly string[];
  readonly jobs: ITable;
  readonly encryptionKey: IKey | undefined;
  readonly removalPolicy: RemovalPolicy | undefined;
}

/**
 * Publishes events later: a queue that holds them, and the function `{bus}-delayer`, which passes them on when they are due, by way
 * of a schedule of EventBridge Scheduler where that is in more than 15 minutes.
 */
export class Delay extends Construct {
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly delayer: IFunction;
  /** One, or none where `alarms` is false. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: DelayProps) {
    super(scope, id);
    const { bus, topicArns, jobs, encryptionKey } = props;
    const { account, region } = Stack.of(this);
    const own: QueueProps = {
      enforceSSL: true,
      retentionPeriod,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...(encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    };
    const deadLetterQueue = new Queue(this, "DeadLetters", {
      ...own,
      queueName: delayedDeadLetterQueueName(bus),
    });
    const queue = new Queue(this, "Queue", {
      ...own,
      queueName: delayedQueueName(bus),
      visibilityTimeout: Duration.seconds(lambda.visibilityFactor * timeout.toSeconds()),
      // No message is to blame when a topic or Scheduler does not answer.
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: sqs.maxReceiveCount },
    });
    this.queue = queue as IQueue;
    this.deadLetterQueue = deadLetterQueue as IQueue;
    this.alarms =
      props.alarms === false
        ? []
        : [addDelayAlarm(this, { bus, deadLetters: this.deadLetterQueue }, props.alarmAction)];

    const sender = new Role(this, "SchedulerRole", {
      // Of this account alone: another one's schedules must not come by this role. (confused-deputy)
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      }),
    });
    queue.grantSendMessages(sender);
    deadLetterQueue.grantSendMessages(sender);

    const settings: DelayerSettings = { v: 1, bus, account, region, roleArn: sender.roleArn };
    const delayer = addJobFunction(this, {
      ...{ bus, job: "delayer", timeout, encryptionKey },
      environment: { [jobSettingsVariable]: encodeJobSettings(settings) },
      memorySize: 256,
      may: [
        { actions: ["sns:Publish"], resources: topicArns },
        { actions: ["sqs:SendMessage", "sqs:GetQueueUrl"], resources: [queue.queueArn] },
        { actions: ["dynamodb:UpdateItem"], resources: [jobs.tableArn], conditions: decisions },
        {
          actions: ["scheduler:CreateSchedule"],
          resources: [
            Stack.of(this).formatArn({
              service: "scheduler",
              resource: "schedule",
              resourceName: `default/${delayScheduleName(bus, "*")}`,
            }),
          ],
        },
        {
          actions: ["iam:PassRole"],
          resources: [sender.roleArn],
          conditions: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
        },
      ],
    });
    this.delayer = delayer;
    const consumes = queue.grantConsumeMessages(delayer);
    const passing = new EventSourceMapping(this, "Passing", {
      target: delayer,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: 10,
    });
    consumes.applyBefore(passing);
  }
}

/** Lets `grantee` delay events of a bus, and cancel them, by names alone. */
export function grantDelay(bus: IEventBus, grantee: IGrantable): Grant {
  const { name, account, region } = bus;
  const stack = Stack.of(bus);
  bus.encryptionKey?.grant(grantee, ...tableKeyActions);
  const resourceName = jobsTableName(name);
  return grantLater(bus, grantee).combine(
    Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:UpdateItem"],
      resourceArns: [
        stack.formatArn({ service: "dynamodb", resource: "table", resourceName, account, region }),
      ],
      conditions: decisions,
    }),
  );
}

/** Lets `grantee` delay, and nothing else: for events that are emitted. */
export function grantLater(bus: IEventBus, grantee: IGrantable): Grant {
  const { name, account, region } = bus;
  bus.encryptionKey?.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey");
  return Grant.addToPrincipal({
    grantee,
    actions: ["sqs:SendMessage", "sqs:GetQueueUrl"],
    resourceArns: [
      Stack.of(bus).formatArn({ service: "sqs", resource: delayedQueueName(name), account, region }),
    ],
  });
}
