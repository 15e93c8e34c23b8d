import type { Message } from "@aws-sdk/client-sqs";
import { decodeMessage } from "../../src/contract/index.ts";
import { deadLetterNote } from "../dead-letter-reason.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";

/** Which of a consumer's two queues: what it could not handle, or what SNS could not hand to it. */
export type DeadLetterKind = "processing" | "undelivered";

/** A message in a dead-letter queue, read. Everything in it came from outside. */
export interface DeadLetter extends Fingerprint {
  readonly kind: DeadLetterKind;
  /** SQS's own id of it, here. */
  readonly messageId: string;
  /** The event's type; `unreadable` when there is none to be found. */
  readonly type: string;
  /** Ids of the events in it: one, but for packed messages. */
  readonly ids: readonly string[];
  /** `permanent`, `attempts-exhausted`, …; `receive-backstop` when SQS moved it, `undelivered` when SNS could not deliver it. */
  readonly reason: string;
  /** `at`: where the handler threw it, if that was written down. */
  readonly error: { readonly name: string; readonly message: string; readonly at?: string } | undefined;
  /** Started runs, where its consumer wrote them down. */
  readonly attempts: number | undefined;
  /** When it died, as far as can be told: SQS does not write down when it moves a message. */
  readonly diedAtMs: number;
  /** When it came into the queue that it was sent to, by SQS's own clock. */
  readonly sentAtMs: number;
  /** The message as SQS handed it out. */
  readonly message: Message;
}

/** What SNS adds to a message that it could not deliver. (sns-dead-letter-queues) */
export const undeliveredAttributes = ["RequestID", "ErrorCode", "ErrorMessage"] as const;

/** Reads a message of a dead-letter queue. Never throws, whatever is in it. */
export function readDeadLetter(message: Message, kind: DeadLetterKind): DeadLetter {
  const { note, reason: noted } = deadLetterNote(message);
  const sentAtMs = Number(message.Attributes?.SentTimestamp) || 0;
  const { type, ids } = eventsOf(message);
  const reason = kind === "undelivered" ? "undelivered" : noted;
  const error = kind === "undelivered" ? deliveryError(message) : errorOf(note?.error);
  const diedAtMs = typeof note?.lastAt === "string" ? Date.parse(note.lastAt) : Number.NaN;
  return {
    kind,
    messageId: message.MessageId ?? "",
    type,
    ids,
    reason,
    error,
    attempts: typeof note?.attempts === "number" ? note.attempts : undefined,
    diedAtMs: Number.isNaN(diedAtMs) ? sentAtMs : diedAtMs,
    sentAtMs,
    message,
    ...fingerprintOf({ type, reason, error }),
  };
}

function eventsOf(message: Message): { type: string; ids: readonly string[] } {
  const events = decodeMessage(message.Body ?? "").flatMap((one) => (one.ok ? [one.envelope] : []));
  const type = events[0]?.type ?? message.MessageAttributes?.type?.StringValue ?? "unreadable";
  return { type, ids: events.map(({ id }) => id) };
}

function errorOf(value: unknown): DeadLetter["error"] {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, message, at } = value as { name?: unknown; message?: unknown; at?: unknown };
  const place = typeof at === "string" && at !== "" ? { at } : {};
  return { name: String(name ?? "Error"), message: String(message ?? ""), ...place };
}

function deliveryError({ MessageAttributes: attributes }: Message): DeadLetter["error"] {
  const name = attributes?.ErrorCode?.StringValue;
  const message = attributes?.ErrorMessage?.StringValue;
  if (name === undefined && message === undefined) return undefined;
  return { name: name ?? "Error", message: message ?? "" };
}
