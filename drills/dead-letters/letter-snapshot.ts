import { createHash } from "node:crypto";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { readDeadLetter } from "../../ops/dead-letters/index.ts";
import { peekQueue } from "../../ops/index.ts";

/** What a dead-letter queue holds: by group, the digest of each message with all its attributes. */
export type LetterSnapshot = ReadonlyMap<string, readonly string[]>;

/** Looks at all dead letters of a queue, and leaves them visible. */
export async function letterSnapshot(client: SQSClient, queueName: string): Promise<LetterSnapshot> {
  const groups = new Map<string, string[]>();
  await peekQueue({
    client,
    queueName,
    see: (message) => {
      const { group } = readDeadLetter(message, "processing");
      const attributes = Object.entries(message.MessageAttributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
      const digest = createHash("sha256")
        .update(JSON.stringify([message.MessageId, message.Body, attributes]))
        .digest("base64");
      groups.set(group, [...(groups.get(group) ?? []), digest]);
    },
  });
  for (const digests of groups.values()) digests.sort();
  return groups;
}
