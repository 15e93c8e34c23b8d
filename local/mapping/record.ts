import type { QueueMessage } from "./ports.ts";

/** Makes the record of one message, as JSON text in the shape of AWS's SQS event. (with-sqs) */
export function recordJson(message: QueueMessage, queueArn: string): string {
  return JSON.stringify({
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: attributesOf(message),
    md5OfBody: message.md5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(":")[3] ?? "",
  });
}

/** The payload of one invocation, out of records that are JSON already. */
export function eventJson(records: readonly string[]): string {
  return `{"Records":[${records.join(",")}]}`;
}

/** What the frame around the records takes, and the comma after each. */
export const frameBytes = Buffer.byteLength(eventJson([]));

function attributesOf({ messageAttributes }: QueueMessage): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [name, { dataType, stringValue, binaryValue }] of Object.entries(messageAttributes)) {
    attributes[name] = {
      ...(stringValue === undefined ? {} : { stringValue }),
      ...(binaryValue === undefined ? {} : { binaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType,
    };
  }
  return attributes;
}
