import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { sqs } from "../src/limits-of-aws.ts";
import { jobsDeadLetterQueueName } from "../src/names.ts";

/**
 * The queue `{bus}-jobs-dead`: calls of the bus's own functions that could not be made. Each is made again by its
 * schedule; what lies here says that it was late.
 */
export function addJobsDeadLetters(scope: Construct, bus: string): IQueue {
  const queue = new Queue(scope, "JobsDeadLetters", {
    queueName: jobsDeadLetterQueueName(bus),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.seconds(sqs.maxRetentionSeconds),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // The CDK's own types are not made for `exactOptionalPropertyTypes`.
  return queue as IQueue;
}
