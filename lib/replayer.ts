import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type IFunction, RecursiveLoop } from "aws-cdk-lib/aws-lambda";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { ArnFormat, Duration, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { jobFunctionName, limitsTableName, replayPartsKey, replaysKey } from "../src/names.ts";
import { addJobFunction } from "./job-function.ts";

const timeout = Duration.minutes(15);

/**
 * The function `{bus}-replayer`: one member of the fleet that runs a large replay. Nothing calls it but `bus replay … --fleet`, and itself
 * when its time is over; at rest it costs nothing.
 *
 * Consumers are added without it, in any stack of the bus's account and region, so it may send to `{bus}-*`: those are this bus's own, for a
 * bus has no hyphen in its name.
 */
export function addReplayer(
  scope: Construct,
  {
    bus,
    bucket,
    ledger,
    jobs,
    environment,
    encryptionKey,
  }: {
    readonly bus: string;
    readonly bucket: IBucket;
    readonly ledger: ITable;
    readonly jobs: ITable;
    readonly environment: Readonly<Record<string, string>>;
    readonly encryptionKey: IKey | undefined;
  },
): IFunction {
  const stack = Stack.of(scope);
  const objects = (prefix: string) => bucket.arnForObjects(`${prefix}/*`);
  const keys = (names: readonly string[]) => ({
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": names },
  });
  return addJobFunction(scope, {
    bus,
    job: "replayer",
    environment,
    timeout,
    memorySize: 1_024,
    // It calls itself once in a quarter of an hour, until the replay is done: that is no loop.
    recursiveLoop: RecursiveLoop.ALLOW,
    encryptionKey,
    may: [
      // Without a condition: else S3 does not say that an object is missing, but that it may not be read. (API_GetObject)
      { actions: ["s3:ListBucket"], resources: [bucket.bucketArn] },
      {
        actions: ["s3:GetObject"],
        resources: [objects("raw/archive"), objects("sealed/archive"), objects("replays")],
      },
      {
        actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
        resources: [jobs.tableArn],
        conditions: keys([replaysKey, replayPartsKey("*")]),
      },
      {
        actions: ["dynamodb:UpdateItem"],
        resources: [
          stack.formatArn({
            service: "dynamodb",
            resource: "table",
            resourceName: limitsTableName(bus),
          }),
        ],
        conditions: keys(["rate#replay-*"]),
      },
      { actions: ["dynamodb:BatchGetItem"], resources: [ledger.tableArn] },
      {
        actions: ["sqs:GetQueueUrl", "sqs:SendMessage"],
        resources: [stack.formatArn({ service: "sqs", resource: `${bus}-*` })],
      },
      {
        actions: ["lambda:InvokeFunction"],
        resources: [
          stack.formatArn({
            service: "lambda",
            resource: "function",
            resourceName: jobFunctionName(bus, "replayer"),
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      },
    ],
  });
}
