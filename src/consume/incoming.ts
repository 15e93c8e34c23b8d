import type { LineEntry, ParkedMessage } from "../parking/index.ts";
import type { SqsRecord } from "./sqs-event.ts";

/** A message to be decoded, and the record whose answer decides about it. */
export interface Incoming {
  readonly record: SqsRecord;
  /** The record itself; for a message out of a parked line, the release message that brought it. */
  readonly carrier: SqsRecord;
}

/** A message of a parked line as a record: received with its release message, and as often. */
export function recordOf({ message }: LineEntry, carrier: SqsRecord): SqsRecord {
  const { messageId, body, attributes, messageAttributes } = message;
  const { ApproximateFirstReceiveTimestamp = "", ...others } = attributes;
  return {
    messageId,
    body,
    messageAttributes,
    receiptHandle: carrier.receiptHandle,
    eventSourceARN: carrier.eventSourceARN,
    attributes: {
      ...others,
      ApproximateFirstReceiveTimestamp,
      ApproximateReceiveCount: carrier.attributes.ApproximateReceiveCount,
      MessageGroupId: carrier.attributes.MessageGroupId,
    },
  };
}

/** A record as a line keeps it. */
export function parkedMessage({
  messageId,
  body,
  attributes,
  messageAttributes = {},
}: SqsRecord): ParkedMessage {
  const texts = Object.entries(attributes).filter(([, value]) => typeof value === "string");
  return {
    messageId,
    body,
    attributes: Object.fromEntries(texts),
    messageAttributes: Object.fromEntries(
      Object.entries(messageAttributes).map(([name, { dataType, stringValue, binaryValue }]) => [
        name,
        {
          dataType,
          ...(stringValue === undefined || stringValue === null ? {} : { stringValue }),
          ...(binaryValue === undefined || binaryValue === null ? {} : { binaryValue }),
        },
      ]),
    ),
  };
}
