import type { MessageAttributeValue, SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import { omnibusAttribute } from "../../src/consume/index.ts";
import { readNote } from "../dead-letter-reason.ts";
import { type DeadLetter, undeliveredAttributes } from "./dead-letter.ts";

/**
 * The message as it goes back to its consumer: body byte for byte, its own attributes, group and trace. The note of its
 * death goes: it would stay on a message that SQS itself moves later, and tell of the wrong death. What a replay wrote
 * stays, as the ledger's key is made with it. An ordered queue takes one dead letter once in five minutes, however
 * often it is sent: its deduplication id is made of the dead letter's.
 */
export function redrivenMessage(
  { message, kind, messageId }: DeadLetter,
  id: string,
  fifo: boolean,
): SendMessageBatchRequestEntry {
  const { MessageGroupId: group, AWSTraceHeader: trace } = message.Attributes ?? {};
  const attributes = attributesOf(message.MessageAttributes ?? {}, kind);
  return {
    Id: id,
    MessageBody: message.Body ?? "",
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
    ...(group === undefined ? {} : { MessageGroupId: group }),
    ...(fifo ? { MessageDeduplicationId: `redrive-${messageId}` } : {}),
    ...(trace === undefined
      ? {}
      : { MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } } }),
  };
}

function attributesOf(
  found: Record<string, MessageAttributeValue>,
  kind: DeadLetter["kind"],
): Record<string, MessageAttributeValue> {
  // SNS adds all three or none: a user's own attribute of one of these names stays.
  const bySns = kind === "undelivered" && undeliveredAttributes.every((name) => name in found);
  const added: readonly string[] = bySns ? undeliveredAttributes : [];
  const kept = Object.entries(found).filter(([name]) => name !== omnibusAttribute && !added.includes(name));
  const replayId = readNote({ MessageAttributes: found })?.replayId;
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, asSent(value)])),
    ...(typeof replayId !== "string"
      ? {}
      : { [omnibusAttribute]: { DataType: "String", StringValue: JSON.stringify({ replayId }) } }),
  };
}

/** Of what SQS hands out, what it takes back. */
function asSent({ DataType, StringValue, BinaryValue }: MessageAttributeValue): MessageAttributeValue {
  return BinaryValue === undefined ? { DataType, StringValue } : { DataType, BinaryValue };
}
