import { type DeadLetterNote, omnibusAttribute } from "../../src/consume/index.ts";
import { decodeMessage } from "../../src/contract/index.ts";
import type { KeptMessage } from "../mapping/index.ts";

/** A message that a consumer could not handle, and why. */
export interface TestDeadLetter {
  /** Of the event; `undefined` when the message is none. */
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly data: unknown;
  /** `permanent`, `invalid-data`, `attempts-exhausted`, …; `receive-backstop` when SQS itself moved it. */
  readonly reason: string;
  readonly error: DeadLetterNote["error"];
  readonly attempts: number;
  /** The message as it came. */
  readonly body: string;
}

/** Reads what a dead-letter queue holds. */
export function readDeadLetter({ body, messageAttributes, receives }: KeptMessage): TestDeadLetter {
  const text = messageAttributes[omnibusAttribute]?.stringValue;
  const note = text === undefined ? undefined : (JSON.parse(text) as DeadLetterNote);
  const first = decodeMessage(body)[0];
  const event = first?.ok ? first.envelope : undefined;
  return {
    id: event?.id,
    type: event?.type,
    data: event?.data,
    reason: note?.reason ?? "receive-backstop",
    error: note?.error,
    attempts: note?.attempts ?? receives,
    body,
  };
}
