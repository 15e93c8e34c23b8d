import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { ArnFormat, Duration, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { type DeliverySettings, encodeJobSettings, jobSettingsVariable } from "../src/env.ts";
import { deliveryJob, deliveryJobOf, deliveryKey, jobFunctionName, reconcileKeys } from "../src/names.ts";
import { consumerDefaults } from "../src/plan/index.ts";
import type { DeliveryOptions } from "./archive-options.ts";
import { type DeliveryFacts, deliveryGuards, enforce, memoryGuards } from "./guards/index.ts";
import { addJobFunction } from "./job-function.ts";
import { addReconcilerAlarms } from "./reconciler-alarms.ts";
import { addSchedule } from "./schedule.ts";

/** What a job does to the table of jobs: its own items alone. */
const tableActions = [
  "dynamodb:BatchGetItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:Query",
  "dynamodb:UpdateItem",
];
const everyConsumer = deliveryJobOf("*");
const defaults = {
  every: Duration.hours(1),
  grey: Duration.minutes(15),
  sendPerSecond: 50,
  timeout: Duration.minutes(15),
  memorySize: 1_024,
} as const;

export interface DeliveryProps extends DeliveryOptions {
  readonly bus: string;
  /** Without the bus. */
  readonly topicNames: readonly string[];
  readonly topics: readonly ITopic[];
  readonly bucket: IBucket;
  readonly ledger: ITable;
  readonly jobs: ITable;
  /** Where ordered groups wait; absent where no topic is ordered. */
  readonly parked: ITable | undefined;
  readonly span: Duration;
  /** How long after its end a span is sealed. */
  readonly grace: Duration;
  readonly retention: Duration | undefined;
  /** Where calls end that could not be made. */
  readonly jobsDeadLetters: IQueue;
  readonly encryptionKey: IKey | undefined;
}

/**
 * The function `{bus}-reconciler`: finds out whether every archived event reached every consumer whose filter matched it, and
 * sends again what did not, as far as it may.
 *
 * Consumers are added without it, in any stack of the bus's account and region, so its rights go by their names: `{bus}-*`
 * is this bus's own, for a bus has no hyphen in its name.
 */
export class Delivery extends Construct {
  readonly function: IFunction;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { bus, topics, jobs, ledger, parked, bucket, span, grace, retention, encryptionKey, auto } = props;
    const stack = Stack.of(this);
    const { account, region } = stack;
    const facts: DeliveryFacts = {
      every: props.every ?? longer(defaults.every, span),
      settle: props.settle,
      grey: props.grey ?? defaults.grey,
      auto,
      sendPerSecond: props.sendPerSecond ?? defaults.sendPerSecond,
      timeout: props.timeout ?? defaults.timeout,
      memorySize: props.memorySize ?? defaults.memorySize,
    };
    enforce<DeliveryFacts>([...deliveryGuards, ...memoryGuards], facts, {
      subject: `Delivery ${this.node.path}`,
    });
    const { every, settle, grey, sendPerSecond, timeout, memorySize } = facts;
    const settings: DeliverySettings = {
      v: 1,
      does: "deliver",
      bus,
      account,
      region,
      topics: props.topicNames,
      everyMs: every.toMilliseconds(),
      spanMs: span.toMilliseconds(),
      graceMs: grace.toMilliseconds(),
      ...(retention === undefined ? {} : { retentionMs: retention.toMilliseconds() }),
      ...(settle === undefined ? {} : { settleMs: settle.toMilliseconds() }),
      greyMs: grey.toMilliseconds(),
      sendPerSecond,
      parks: parked !== undefined,
      ...(auto === undefined ? {} : { auto }),
    };
    const objects = (prefix: string) => bucket.arnForObjects(`${prefix}/*`);
    const { state, open, repair, repairs, audit } = reconcileKeys;
    const keys = [state, open, repair, repairs, audit].map((key) => key(everyConsumer));
    this.function = addJobFunction(this, {
      bus,
      job: "reconciler",
      environment: { [jobSettingsVariable]: encodeJobSettings(settings) },
      timeout,
      memorySize,
      // The next run does what this one did not.
      retryAttempts: 0,
      encryptionKey,
      may: [
        // Without a condition: else S3 does not say that an object is missing, but that it may not be read. (API_GetObject)
        { actions: ["s3:ListBucket"], resources: [bucket.bucketArn] },
        {
          actions: ["s3:GetObject"],
          resources: [
            objects("sealed"),
            objects(`reports/${everyConsumer}`),
            objects(`plans/${everyConsumer}`),
          ],
        },
        {
          actions: ["s3:PutObject"],
          resources: [
            objects(`reports/${deliveryJob}`),
            objects(`reports/${everyConsumer}`),
            objects(`plans/${everyConsumer}`),
          ],
        },
        {
          actions: tableActions,
          resources: [jobs.tableArn],
          conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [deliveryKey, ...keys] } },
        },
        { actions: ["dynamodb:BatchGetItem"], resources: [ledger.tableArn] },
        ...(parked ? [{ actions: ["dynamodb:Query"], resources: [parked.tableArn] }] : []),
        { actions: ["sns:ListSubscriptionsByTopic"], resources: topics.map(({ topicArn }) => topicArn) },
        {
          actions: ["lambda:GetFunctionConfiguration"],
          resources: [
            stack.formatArn({
              service: "lambda",
              resource: "function",
              resourceName: `${bus}-*`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          ],
        },
        {
          actions: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"],
          resources: [stack.formatArn({ service: "sqs", resource: `${bus}-*` })],
        },
      ],
    });
    addSchedule(this, "Schedule", {
      name: jobFunctionName(bus, "reconciler"),
      every,
      target: this.function,
      deadLetterQueue: props.jobsDeadLetters,
      input: { omnibus: { v: 1, do: "run", by: "schedule" } },
    });
    this.alarms =
      props.alarms === false
        ? []
        : addReconcilerAlarms(
            this,
            { bus, job: deliveryJob, every, settle: settle ?? usualSettle, span },
            {},
            props.alarmAction,
          );
  }
}

/** What a consumer survives that says nothing about it, and an hour. */
const usualSettle = Duration.millis(consumerDefaults.surviveMs + 3_600_000);

function longer(one: Duration, other: Duration): Duration {
  return one.toMilliseconds() > other.toMilliseconds() ? one : other;
}
