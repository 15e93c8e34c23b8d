import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnSubscription, type ITopic } from "aws-cdk-lib/aws-sns";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { sqs } from "../src/limits-of-aws.ts";
import { archiveDeadLetterQueueName, archiveQueueName, archiveUndeliveredQueueName } from "../src/names.ts";
import { sendFrom } from "./consumer-queues.ts";

/** What waits here is nowhere else: a week for whoever mends the archiver, and another one for what it could not keep. */
const retentionPeriod = Duration.days(7);
const deadLetterRetention = Duration.seconds(sqs.maxRetentionSeconds);

/**
 * The queue that every topic reaches, with its two safety nets. A standard queue, also for ordered topics: what is kept is
 * put in order when it is sealed. Delivery is not raw: topic, time of publishing and SNS's own id come along.
 */
export function addArchiveQueues(
  scope: Construct,
  {
    bus,
    topics,
    visibilityTimeout,
    encryptionKey,
    removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  }: {
    readonly bus: string;
    readonly topics: readonly ITopic[];
    readonly visibilityTimeout: Duration;
    readonly encryptionKey: IKey | undefined;
    readonly removalPolicy: RemovalPolicy | undefined;
  },
): { readonly queue: Queue } {
  const own: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, removalPolicy };
  const topicArns = topics.map(({ topicArn }) => topicArn);
  const encrypted: QueueProps = encryptionKey
    ? { ...own, encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
    : own;
  const deadLetterQueue = new Queue(scope, "DeadLetters", {
    ...encrypted,
    queueName: archiveDeadLetterQueueName(bus),
    retentionPeriod: deadLetterRetention,
  });
  const undeliveredQueue = new Queue(scope, "Undelivered", {
    ...own,
    queueName: archiveUndeliveredQueueName(bus),
    retentionPeriod: deadLetterRetention,
  });
  const queue = new Queue(scope, "Queue", {
    ...encrypted,
    queueName: archiveQueueName(bus),
    visibilityTimeout,
    retentionPeriod,
    // No message is to blame when an object cannot be written: each comes again as long as the queue keeps it.
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: sqs.maxReceiveCount },
  });
  for (const one of [queue, undeliveredQueue]) one.addToResourcePolicy(sendFrom(topicArns, one));
  for (const topic of topics) {
    const subscription = new CfnSubscription(scope, `Subscription-${topic.node.id}`, {
      topicArn: topic.topicArn,
      protocol: "sqs",
      endpoint: queue.queueArn,
      redrivePolicy: { deadLetterTargetArn: undeliveredQueue.queueArn },
    });
    subscription.node.addDependency(queue, undeliveredQueue);
  }
  return { queue };
}
