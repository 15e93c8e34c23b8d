import type { Message } from "@aws-sdk/client-sqs";
import { type DeadLetterNote, omnibusAttribute } from "../src/consume/index.ts";

/** A note as it was found: any of its parts may be missing or of another shape. */
export type FoundNote = { readonly [Part in keyof DeadLetterNote]?: unknown };

/**
 * What a dead letter says about itself, and why it died. A message that SQS itself moved carries no reason: then it was
 * received too often, `receive-backstop`; a note that cannot be read is `unreadable`.
 */
export function deadLetterNote(message: Pick<Message, "MessageAttributes" | "Attributes">): {
  readonly note: FoundNote | undefined;
  readonly reason: string;
} {
  const isNoted = message.MessageAttributes?.[omnibusAttribute] !== undefined;
  // SQS names the queue that it moved a message from: a note on it is of an earlier death.
  const moved = message.Attributes?.DeadLetterQueueSourceArn !== undefined;
  if (!isNoted || moved) return { note: undefined, reason: "receive-backstop" };
  const note = readNote(message);
  if (typeof note?.reason === "string" && note.reason !== "") return { note, reason: note.reason };
  // What a replay writes: it says where the message came from, and nothing of how it died.
  const isReplay = note?.reason === undefined && typeof note?.replayId === "string";
  return { note: undefined, reason: isReplay ? "receive-backstop" : "unreadable" };
}

/** Why a message died, as its consumer wrote it down. */
export function deadLetterReason(message: Pick<Message, "MessageAttributes" | "Attributes">): string {
  return deadLetterNote(message).reason;
}

/** What the attribute `omnibus` says; `undefined` when it is not there or cannot be read. */
export function readNote(message: Pick<Message, "MessageAttributes">): FoundNote | undefined {
  const text = message.MessageAttributes?.[omnibusAttribute]?.StringValue;
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
