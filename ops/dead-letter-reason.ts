import type { Message } from "@aws-sdk/client-sqs";

/** The attribute in which a dead letter says whose it is and why it died. */
const attribute = "omnibus";

/**
 * Why a message died, as its consumer wrote it down. A message that SQS itself moved carries no reason: then it was
 * received too often, `receive-count`; a note that cannot be read is `unreadable`.
 */
export function deadLetterReason(message: Pick<Message, "MessageAttributes">): string {
  const note = message.MessageAttributes?.[attribute]?.StringValue;
  if (note === undefined) return "receive-count";
  try {
    const value: unknown = JSON.parse(note);
    const reason = (value as { reason?: unknown } | null)?.reason;
    return typeof reason === "string" && reason !== "" ? reason : "unreadable";
  } catch {
    return "unreadable";
  }
}
