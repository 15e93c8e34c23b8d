import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from "aws-cdk-lib/aws-lambda";
import { ArnFormat, Duration, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { encodeJobSettings, jobSettingsVariable } from "../src/env.ts";
import { holdKey } from "../src/names.ts";
import { addJobFunction } from "./job-function.ts";
import { addSchedule } from "./schedule.ts";

/** How long one governor watches an outage; another one stands by for its end. */
const timeout = Duration.minutes(5);
/** How late a change is noticed that nobody has written down: a deployment that has enabled what is held. */
const every = Duration.minutes(1);
/** Where the item of a hold was written, and not by a governor: it need not wake itself. */
const holdsOfOthers = FilterCriteria.filter({
  dynamodb: {
    Keys: { pk: { S: FilterRule.beginsWith(holdKey("")) } },
    NewImage: { writer: { S: FilterRule.notEquals("governor") } },
  },
});

export interface GovernorProps {
  readonly bus: string;
  /** Where holds and its lease are. */
  readonly jobs: ITable;
  readonly encryptionKey: IKey | undefined;
}

/**
 * The function `{bus}-governor`: keeps each consumer's mapping enabled if and only if nothing holds the consumer.
 *
 * Consumers are added without it, in any stack of the bus's account and region, so its rights go by their names: `{bus}-*`
 * is this bus's own, for a bus has no hyphen in its name. A mapping's name is made up by AWS: that right goes by the
 * function that it leads to.
 */
export class Governor extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: string, { bus, jobs, encryptionKey }: GovernorProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { account, region } = stack;
    const functions = stack.formatArn({
      service: "lambda",
      resource: "function",
      resourceName: `${bus}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const queues = stack.formatArn({ service: "sqs", resource: `${bus}-*` });
    const stream = jobs.tableStreamArn ?? "";
    const settings = encodeJobSettings({ v: 1, bus, account, region });

    const governor = addJobFunction(this, {
      bus,
      job: "governor",
      environment: { [jobSettingsVariable]: settings },
      timeout,
      memorySize: 256,
      // The next minute's call does what this one did not.
      retryAttempts: 0,
      encryptionKey,
      may: [
        {
          actions: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:UpdateItem"],
          resources: [jobs.tableArn],
          conditions: {
            "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [holdKey("*"), "lease#governor"] },
          },
        },
        {
          actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
          resources: [stream],
        },
        { actions: ["dynamodb:ListStreams"], resources: [`${jobs.tableArn}/stream/*`] },
        // AWS knows no narrower right. (lambda-api-permissions-ref)
        { actions: ["lambda:ListEventSourceMappings"], resources: ["*"] },
        {
          actions: ["lambda:UpdateEventSourceMapping"],
          resources: [
            stack.formatArn({
              service: "lambda",
              resource: "event-source-mapping",
              resourceName: "*",
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          ],
          conditions: { ArnLike: { "lambda:FunctionArn": functions } },
        },
        { actions: ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"], resources: [functions] },
        {
          actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
          resources: [queues],
        },
      ],
    });
    this.function = governor;
    const waking = new EventSourceMapping(this, "Waking", {
      target: governor,
      eventSourceArn: stream,
      startingPosition: StartingPosition.LATEST,
      batchSize: 100,
      retryAttempts: 3,
      maxRecordAge: Duration.minutes(1),
      filters: [holdsOfOthers],
    });
    // With its role, and that role's rights.
    waking.node.addDependency(governor);
    addSchedule(this, "Watching", { name: `${bus}-governor`, every, target: governor });
  }
}
