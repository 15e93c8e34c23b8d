import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { lambda } from "../src/limits-of-aws.ts";
import { unscheduledQueueName, windowsDeadLetterQueueName, windowsQueueName } from "../src/names.ts";
import type { ReconcilerFacts } from "./guards/index.ts";

/** A part that was begun so often is dead; the job has given it up by then, and its spans are tried again. */
const maxReceiveCount = 10;

/** A reconciliation's queues. */
export interface ReconcilerQueues {
  /** Parts that wait to be compared. */
  readonly windows: Queue;
  readonly deadLetters: Queue;
  /** Runs that could not be started, or failed. */
  readonly unscheduled: Queue;
}

/** Makes the queues of a reconciliation: encrypted, and spoken to over TLS only. */
export function addReconcilerQueues(
  scope: Construct,
  { bus, job, timeout }: ReconcilerFacts,
  {
    encryptionKey,
    removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  }: { readonly encryptionKey: IKey | undefined; readonly removalPolicy: RemovalPolicy | undefined },
): ReconcilerQueues {
  const own: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
  const encrypted: QueueProps = encryptionKey
    ? { ...own, encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
    : own;
  const dead = { retentionPeriod: Duration.days(14), removalPolicy };
  const deadLetters = new Queue(scope, "DeadWindows", {
    ...encrypted,
    ...dead,
    queueName: windowsDeadLetterQueueName(bus, job),
  });
  // Never with the customer's key: one broken key policy would fail the run and its trace alike.
  const unscheduled = new Queue(scope, "Undelivered", {
    ...own,
    ...dead,
    queueName: unscheduledQueueName(bus, job),
  });
  const windows = new Queue(scope, "Windows", {
    ...encrypted,
    queueName: windowsQueueName(bus, job),
    visibilityTimeout: Duration.seconds(lambda.visibilityFactor * timeout.toSeconds()),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return { windows, deadLetters, unscheduled };
}
