import { Duration } from "aws-cdk-lib/core";
import { lambda, sqs } from "../../src/limits-of-aws.ts";
import { minimumKeepMs, shownMs } from "../../src/plan/index.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";
import { shown } from "./shown.ts";

const mappingOfSqs = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html";
const deadLetterQueues =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html";

/** How long and how often a message may stay where it is. */
export const queueGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "queue-times",
    reason: "SQS refuses the queue",
    fix: "choose times in the range, or leave them out",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    final: true,
    check: ({ visibilityTimeout, retention, deadLetterRetention }) => {
      if (visibilityTimeout.toSeconds() > sqs.maxVisibilitySeconds) {
        return `visibilityTimeout is ${visibilityTimeout.toSeconds()} s; at most ${sqs.maxVisibilitySeconds} s (12 hours) is allowed`;
      }
      for (const [name, value] of Object.entries({ retention, deadLetterRetention })) {
        const seconds = value.toSeconds();
        if (seconds >= sqs.minRetentionSeconds && seconds <= sqs.maxRetentionSeconds) continue;
        return `${name} is ${shownMs(seconds * 1_000)}; ${sqs.minRetentionSeconds} s to ${sqs.maxRetentionSeconds / 86_400} days are allowed`;
      }
      return undefined;
    },
  },
  {
    id: "visibility-timeout",
    reason:
      "a message that shows itself again while its batch is still running or waiting is handed out twice",
    fix: "raise visibilityTimeout, or leave it out; or lower timeout or batchWindow",
    link: mappingOfSqs,
    check: ({ visibilityTimeout, timeout, batchWindow }) => {
      const least = lambda.visibilityFactor * timeout.toSeconds() + batchWindow.toSeconds();
      return visibilityTimeout.toSeconds() >= least
        ? undefined
        : `visibilityTimeout is ${visibilityTimeout.toSeconds()} s; at least ${lambda.visibilityFactor} × timeout (${timeout.toSeconds()} s) + batchWindow (${batchWindow.toSeconds()} s) = ${least} s is allowed`;
    },
  },
  {
    id: "receive-backstop",
    reason: "with reserved concurrency, throttled batches count as received: good events die without a run",
    fix: `raise maxReceiveCount to ${lambda.minReceiveCount} or more, or leave it out`,
    link: mappingOfSqs,
    check: ({ maxReceiveCount, reserved }) =>
      reserved === undefined || maxReceiveCount >= lambda.minReceiveCount
        ? undefined
        : `maxReceiveCount is ${shown(maxReceiveCount)} with ${shown(reserved)} reserved; at least ${lambda.minReceiveCount} is allowed`,
  },
  {
    id: "max-receive-count",
    reason: "SQS refuses the queue",
    fix: "choose a whole number in the range, or leave maxReceiveCount out",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    final: true,
    check: ({ maxReceiveCount: count }) =>
      Number.isInteger(count) && count >= 1 && count <= sqs.maxReceiveCount
        ? undefined
        : `maxReceiveCount is ${shown(count)}; 1 to ${sqs.maxReceiveCount} is allowed`,
  },
  {
    id: "retry-goal",
    reason: "no row of attempts would do it",
    fix: "survive 14 days at most, with delays from a second to twelve hours, the first one no longer than the longest",
    link: deadLetterQueues,
    final: true,
    check: ({ retryProblem }) => retryProblem,
  },
  {
    id: "retry-attempts",
    reason: "SQS would take the event away before the promised outage is over",
    fix: "raise maxReceiveCount, or leave it out; or let retry survive less, or raise retry.maxDelay",
    link: deadLetterQueues,
    check: ({ maxReceiveCount, retries }) =>
      maxReceiveCount >= retries.attempts
        ? undefined
        : `maxReceiveCount is ${shown(maxReceiveCount)}; the retries take up to ${retries.attempts} attempts`,
  },
  {
    id: "queue-retention",
    reason: "a queue deletes what outlives its retention: no dead letter, no trace",
    fix: "raise retention, or leave it out; or let retry survive less",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-architecture.html",
    check: ({ retention, retries, survive }) =>
      retention.toMilliseconds() >= retries.longestMs
        ? undefined
        : `retention is ${days(retention)}; retries that survive ${shownMs(survive.toMilliseconds())} can last ${days(Duration.millis(retries.longestMs))}, and SQS keeps a message for ${sqs.maxRetentionSeconds / 86_400} days at most`,
  },
  {
    id: "dead-letter-retention",
    reason: "a message keeps its first enqueue time when it moves: it would be gone before anyone looked",
    fix: "raise deadLetterRetention (14 days at most), or lower retention",
    link: deadLetterQueues,
    check: ({ retention, deadLetterRetention }) =>
      deadLetterRetention.toMilliseconds() > retention.toMilliseconds()
        ? undefined
        : `deadLetterRetention is ${days(deadLetterRetention)}; more than the queue's ${days(retention)} is allowed`,
  },
  {
    id: "ledger-window",
    reason: "an event that comes back after the ledger has forgotten it is handled again",
    fix: "raise keep, or leave it out; or lower the retentions",
    link: "https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html",
    check: ({ keep, mode, retention, deadLetterRetention, undeliveredRetention }) => {
      const least = minimumKeepMs({
        queueMs: retention.toMilliseconds(),
        deadLetterMs: deadLetterRetention.toMilliseconds(),
        undeliveredMs: undeliveredRetention.toMilliseconds(),
      });
      return mode === "none" || keep.toMilliseconds() >= least
        ? undefined
        : `keep is ${days(keep)}; at least ${days(Duration.millis(least))} is allowed: SNS's own retries, what every queue holds, and a redrive`;
    },
  },
];

function days(duration: Duration): string {
  return `${Number((duration.toMilliseconds() / 86_400_000).toFixed(2))} d`;
}
