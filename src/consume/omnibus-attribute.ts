import { omnibusAttribute } from "../contract/index.ts";
import { sns } from "../limits-of-aws.ts";
import type { Cause, Outcome } from "./outcome.ts";
import type { SqsAttribute, SqsRecord } from "./sqs-event.ts";

export { omnibusAttribute };

/** A longer error message is cut: a message attribute counts towards the message's size. In characters. */
const maxErrorLength = 500;

/** What the attribute says on a dead letter. Its JSON Schema is `schema/dead-letter.schema.json`. */
export interface DeadLetterNote {
  readonly v: 1;
  readonly consumer: string;
  /** `invalid-data`, `permanent`, `attempts-exhausted`, … */
  readonly reason: string;
  readonly error?: Cause;
  readonly attempts: number;
  /** When SQS first handed it out, and when it died. RFC 3339. */
  readonly firstAt: string;
  readonly lastAt: string;
  readonly replayId?: string;
  /** Attributes that had to make room for this one: a message carries ten. */
  readonly dropped?: readonly string[];
}

/** The replay that a record belongs to, if it says so; an attribute that cannot be read says nothing. */
export function replayIdOf(record: SqsRecord): string | undefined {
  const text = record.messageAttributes?.[omnibusAttribute]?.stringValue;
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const replayId = (value as { replayId?: unknown } | null)?.replayId;
    return typeof replayId === "string" && /^[\x20-\x7e]{1,128}$/.test(replayId) ? replayId : undefined;
  } catch {
    return undefined;
  }
}

/** The attributes of a dead letter: those that the message had, and the note. */
export function deadLetterAttributes(
  record: SqsRecord,
  outcome: Extract<Outcome, { kind: "dead" }>,
  about: { consumer: string; attempts: number; nowMs: number; replayId: string | undefined },
): Readonly<Record<string, SqsAttribute>> {
  const names = Object.keys(record.messageAttributes ?? {}).filter((name) => name !== omnibusAttribute);
  const dropped = names.slice(sns.rawAttributes - 1);
  const note: DeadLetterNote = {
    v: 1,
    consumer: about.consumer,
    reason: outcome.reason,
    ...(outcome.error
      ? { error: { ...outcome.error, message: outcome.error.message.slice(0, maxErrorLength) } }
      : {}),
    attempts: about.attempts,
    firstAt: new Date(
      Number(record.attributes.ApproximateFirstReceiveTimestamp) || about.nowMs,
    ).toISOString(),
    lastAt: new Date(about.nowMs).toISOString(),
    ...(about.replayId === undefined ? {} : { replayId: about.replayId }),
    ...(dropped.length === 0 ? {} : { dropped }),
  };
  const kept = Object.entries(record.messageAttributes ?? {}).filter(([name]) => !dropped.includes(name));
  return {
    ...Object.fromEntries(kept),
    [omnibusAttribute]: { dataType: "String", stringValue: printable(JSON.stringify(note)) },
  };
}

/** SQS refuses most control characters in attribute values; JSON escapes say the same in plain ASCII. */
function printable(json: string): string {
  return json.replace(
    /[\ud800-\udfff\ufffe\uffff\u007f-\u009f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
