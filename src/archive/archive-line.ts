import type { SendAttribute } from "./archived-message.ts";

/**
 * One line of the archive, as JSON: what was published, once. Of a message that is no event, the event's fields are absent.
 * Fields stand in this order, `message` last: so that a replay can take its bytes out of a line and hand them to SQS's
 * SendMessage as they are. Its JSON Schema is `schema/archive-line.schema.json`.
 */
export interface ArchiveLine {
  /** Effective time, RFC 3339 with milliseconds: the event's own, unless it is more than a day off `published`. */
  readonly time: string;
  /** When SNS took the message. */
  readonly published: string;
  /** Without the bus; absent where the message did not say. */
  readonly topic?: string;
  readonly type?: string;
  readonly source?: string;
  readonly id?: string;
  readonly subject?: string;
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly partitionkey?: string;
  /** The first 32 hex characters of `dataHash`. */
  readonly hash?: string;
  /** SNS's. */
  readonly messageId: string;
  /** Its place in a message that held several. */
  readonly index?: number;
  /** MessageGroupId. */
  readonly group?: string;
  /** The event's own time, where `time` is not it. */
  readonly eventTime?: string;
  /** Why it is no event: the rejection's code. */
  readonly problem?: string;
  /** In raw objects: a message that holds so many events, which become lines of their own when it is sealed or read. */
  readonly packed?: number;
  readonly message: {
    readonly MessageBody: string;
    readonly MessageAttributes?: Readonly<Record<string, SendAttribute>>;
  };
}

/** What stands between the fields of a line and its message. */
export const messageMark = ',"message":';

/** A line's text, without a line feed. */
export function formatArchiveLine(line: ArchiveLine): string {
  const { MessageBody, MessageAttributes } = line.message;
  const fields =
    `{"time":"${line.time}","published":"${line.published}"` +
    field("topic", line.topic) +
    field("type", line.type) +
    field("source", line.source) +
    field("id", line.id) +
    field("subject", line.subject) +
    field("correlationid", line.correlationid) +
    field("causationid", line.causationid) +
    field("partitionkey", line.partitionkey) +
    field("hash", line.hash) +
    field("messageId", line.messageId) +
    field("index", line.index) +
    field("group", line.group) +
    field("eventTime", line.eventTime) +
    field("problem", line.problem) +
    field("packed", line.packed);
  const attributes = MessageAttributes ? field("MessageAttributes", MessageAttributes) : "";
  return `${fields}${messageMark}{"MessageBody":${JSON.stringify(MessageBody)}${attributes}}}`;
}

/** Reads a line that `formatArchiveLine` wrote. */
export function parseArchiveLine(bytes: Buffer): ArchiveLine {
  return JSON.parse(bytes.toString()) as ArchiveLine;
}

/** The message of a line, as SQS's SendMessage takes it in JSON: the line's own bytes, not parsed. */
export function messageOf(bytes: Buffer): Buffer {
  const at = bytes.indexOf(messageMark);
  return bytes.subarray(at + messageMark.length, bytes.length - 1);
}

function field(name: string, value: string | number | object | undefined): string {
  return value === undefined ? "" : `,"${name}":${JSON.stringify(value)}`;
}
