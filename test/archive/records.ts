import type { ArchiveRecord } from "../../src/archive/index.ts";

/** When the tests' messages are published. */
export const publishedMs = Date.UTC(2026, 10, 27, 1, 30);

let made = 0;

/** An event as JSON. */
export function eventJson(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    specversion: "1.0",
    id: "o-1",
    source: "/shop/web",
    type: "order.created",
    time: "2026-11-27T01:29:59.500Z",
    datacontenttype: "application/json",
    dataschema: "urn:omnibus:order.created:1",
    data: { orderId: "o-1", cents: 1250 },
    correlationid: "c-1",
    ...fields,
  });
}

/** A record of the archive's queue: a notification of SNS with this message. */
export function notified(
  message: string,
  {
    topic = "shop-orders",
    messageId = `m-${++made}`,
    timestamp = new Date(publishedMs).toISOString(),
    attributes = { type: { Type: "String", Value: "order.created" } },
    group,
  }: {
    topic?: string;
    messageId?: string;
    timestamp?: string;
    attributes?: Readonly<Record<string, { Type: string; Value: string }>>;
    group?: string;
  } = {},
): ArchiveRecord {
  return {
    messageId: `q-${++made}`,
    body: JSON.stringify({
      Type: "Notification",
      MessageId: messageId,
      TopicArn: `arn:aws:sns:eu-central-1:123456789012:${topic}`,
      Message: message,
      Timestamp: timestamp,
      SignatureVersion: "1",
      MessageAttributes: attributes,
    }),
    attributes: {
      SentTimestamp: String(publishedMs + 250),
      ...(group === undefined ? {} : { MessageGroupId: group }),
    },
    messageAttributes: {},
  };
}

/** A record with raw delivery. */
export function raw(body: string, attributes: ArchiveRecord["messageAttributes"] = {}): ArchiveRecord {
  return {
    messageId: "q-raw",
    body,
    attributes: { SentTimestamp: String(publishedMs + 250) },
    messageAttributes: attributes,
  };
}
