import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from "aws-cdk-lib/aws-sqs";
import { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { deadLetterQueueName, queueName, undeliveredQueueName } from "../src/names.ts";
import type { ConsumerFacts } from "./guards/index.ts";

/** A consumer's three queues. */
export interface ConsumerQueues {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly undeliveredQueue: Queue;
}

/** Makes the queues of a consumer. Only SNS may send to them, only from these topics, and all of it over TLS. */
export function addQueues(
  scope: Construct,
  facts: ConsumerFacts,
  {
    topicArns,
    encryptionKey,
    removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  }: {
    readonly topicArns: readonly string[];
    readonly encryptionKey: IKey | undefined;
    readonly removalPolicy: RemovalPolicy | undefined;
  },
): ConsumerQueues {
  const { bus, consumer, fifo } = facts;
  const own: QueueProps = { ...ordered(fifo), encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
  const encrypted: QueueProps = encryptionKey
    ? { ...own, encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
    : own;

  const deadLetterQueue = new Queue(scope, "DeadLetters", {
    ...encrypted,
    queueName: deadLetterQueueName(bus, consumer, fifo),
    retentionPeriod: facts.deadLetterRetention,
    removalPolicy,
  });
  // Never with the customer's key: one broken key policy would fail the delivery and its safety net alike.
  const undeliveredQueue = new Queue(scope, "Undelivered", {
    ...own,
    queueName: undeliveredQueueName(bus, consumer, fifo),
    retentionPeriod: facts.undeliveredRetention,
    removalPolicy,
  });
  const queue = new Queue(scope, "Queue", {
    ...encrypted,
    queueName: queueName(bus, consumer, fifo),
    visibilityTimeout: facts.visibilityTimeout,
    retentionPeriod: facts.retention,
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: facts.maxReceiveCount },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  for (const one of [queue, undeliveredQueue]) one.addToResourcePolicy(sendFrom(topicArns, one));
  return { queue, deadLetterQueue, undeliveredQueue };
}

/** Ordered by key, not by queue: keys do not slow each other down. */
function ordered(fifo: boolean): QueueProps {
  return fifo
    ? {
        fifo,
        deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
        fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      }
    : {};
}

/** Only SNS may send, only from these topics. */
export function sendFrom(topicArns: readonly string[], queue: Queue): PolicyStatement {
  return new PolicyStatement({
    sid: "FromTopicsOnly",
    principals: [new ServicePrincipal("sns.amazonaws.com")],
    actions: ["sqs:SendMessage"],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { "aws:SourceArn": [...topicArns] } },
  });
}
