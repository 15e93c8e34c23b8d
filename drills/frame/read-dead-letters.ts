import { createHash } from "node:crypto";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { deadLetterReason, peekQueue } from "../../ops/index.ts";

/** What lies in a dead-letter queue. */
export interface DeadLetters {
  /** Different ones. A consumer killed while it wrote one may have written a copy; copies count once. */
  readonly deadLetters: number;
  /** How many of them died for which reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Counts the dead letters of a queue. They are visible again afterwards. */
export async function readDeadLetters({
  client,
  queueName,
  waitSeconds = 1,
}: {
  readonly client: SQSClient;
  readonly queueName: string;
  /** How long an empty queue is waited for. @default 1, so that AWS asks all of its servers */
  readonly waitSeconds?: number;
}): Promise<DeadLetters> {
  const reasonOfBody = new Map<string, string>();
  await peekQueue({
    client,
    queueName,
    waitSeconds,
    see: (message) => {
      const digest = createHash("sha256")
        .update(message.Body ?? "")
        .digest("base64");
      reasonOfBody.set(digest, deadLetterReason(message));
    },
  });
  const reasons: Record<string, number> = {};
  for (const reason of reasonOfBody.values()) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { deadLetters: reasonOfBody.size, reasons };
}
