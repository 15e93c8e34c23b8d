import type { Duration } from "aws-cdk-lib/core";
import { lambda } from "../../src/limits-of-aws.ts";
import type { Guard } from "./guard.ts";

/** What an archive's times come to. */
export interface ArchiveFacts {
  readonly span: Duration;
  readonly window: Duration;
  readonly retention: Duration | undefined;
  readonly rawRetention: Duration;
  readonly timeout: Duration;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Times of an archive that cannot be. */
export const archiveGuards: readonly Guard<ArchiveFacts>[] = [
  {
    id: "archive-span",
    reason: "spans are named by the minute they begin at, and Athena counts through them from midnight",
    fix: "choose whole minutes that a day can be divided into, as in Duration.hours(1)",
    link: "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html",
    final: true,
    check: ({ span }) => {
      const spanMs = span.toMilliseconds();
      if (spanMs >= minuteMs && spanMs % minuteMs === 0 && dayMs % spanMs === 0) return undefined;
      return `archive span ${span.toHumanString()}; whole minutes that divide a day are allowed, from 1 minute to 1 day`;
    },
  },
  {
    id: "archive-window",
    reason:
      "Lambda gathers no batch of more than ten messages without a window, and none for longer than five minutes",
    fix: "choose 1 second to 5 minutes: a longer one costs fewer PUTs, and events are seen later",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    final: true,
    check: ({ window }) => {
      const ms = window.toMilliseconds();
      if (ms >= 1_000 && ms <= lambda.maxWindowSeconds * 1_000 && ms % 1_000 === 0) return undefined;
      return `archive window ${window.toHumanString()}; whole seconds from 1 to ${lambda.maxWindowSeconds} are allowed`;
    },
  },
  {
    id: "archive-timeout",
    reason:
      "a batch that nobody answers for is hidden for six times as long, and a span stays open for twice as long",
    fix: "choose 1 second to 15 minutes; a minute is long for one object",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    final: true,
    check: ({ timeout }) => {
      const ms = timeout.toMilliseconds();
      if (ms >= 1_000 && ms <= lambda.maxTimeoutSeconds * 1_000 && ms % 1_000 === 0) return undefined;
      return `archive timeout ${timeout.toHumanString()}; whole seconds from 1 to ${lambda.maxTimeoutSeconds} are allowed`;
    },
  },
  {
    id: "archive-retention",
    reason:
      "S3 expires objects by whole days, and what expires before its raw objects go cannot be sealed again",
    fix: "choose whole days, more than rawRetention, or leave it out: segments are then kept",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html",
    final: true,
    check: ({ retention, rawRetention }) => {
      if (retention === undefined) return undefined;
      const ms = retention.toMilliseconds();
      if (ms % dayMs === 0 && ms > rawRetention.toMilliseconds()) return undefined;
      return `archive retention ${retention.toHumanString()} with rawRetention ${rawRetention.toHumanString()}; whole days are allowed, more than rawRetention`;
    },
  },
];
