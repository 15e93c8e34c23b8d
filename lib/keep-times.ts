import { Duration } from "aws-cdk-lib/core";
import { sqs } from "../src/limits-of-aws.ts";
import { defaultKeepMs, type RetryPlan } from "../src/plan/index.ts";

const dayMs = 86_400_000;

/** How long a queue keeps messages unless told: what the retries can last at most, in whole days; four days at least. */
export function retentionFor({ longestMs }: RetryPlan): Duration {
  const days = Math.ceil(longestMs / dayMs);
  return Duration.seconds(
    Math.min(sqs.maxRetentionSeconds, Math.max(sqs.defaultRetentionSeconds, (days * dayMs) / 1_000)),
  );
}

/** How long the ledger remembers unless told: a day longer than anything can come back. */
export function keepFor(retention: Duration, deadLetterRetention: Duration): Duration {
  return Duration.millis(
    defaultKeepMs({
      queueMs: retention.toMilliseconds(),
      deadLetterMs: deadLetterRetention.toMilliseconds(),
      undeliveredMs: deadLetterRetention.toMilliseconds(),
    }),
  );
}
