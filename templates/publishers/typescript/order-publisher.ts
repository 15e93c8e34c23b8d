/** Publishes orders as events, with the plain AWS SDK. Copy it; docs/wire-format.md has the rules. */
import { setTimeout as sleep } from "node:timers/promises";
import { PublishBatchCommand, type SNSClient } from "@aws-sdk/client-sns";

/** The same in all deployments: source and id together are the event's identity. */
export const source = "/shop/web";
const type = "order.created";
/** What consumers are subscribed by. */
const attributes = { type: { DataType: "String", StringValue: type } };
/** The most that PublishBatch takes; together 256 KiB, which orders never reach. */
const batchSize = 10;
const tries = 6;

export interface Order {
  readonly orderId: string;
}

/** One event as text. Keep the text until SNS has taken it: a retry sends the same bytes. */
export function envelope(
  id: string,
  time: string,
  data: unknown,
  extensions: Readonly<Record<string, unknown>> = {},
): string {
  const head = { specversion: "1.0", id, source, type, time, dataschema: `urn:omnibus:${type}:1` };
  // Unescaped, U+FFFD is what a lost character leaves behind, and consumers refuse it.
  return JSON.stringify({ ...head, ...extensions, data }).replaceAll("\ufffd", "\\ufffd");
}

/** Publishes each order once, as far as anyone can tell. When it throws, publish them all again: the ids stay. */
export async function publish(sns: SNSClient, topic: string, orders: readonly Order[]): Promise<void> {
  const now = new Date().toISOString();
  // An id of your own is the best one: a publisher that died may start again from the beginning.
  const bodies = orders.map((order) => envelope(order.orderId, now, order));
  for (let start = 0; start < bodies.length; start += batchSize) {
    await send(sns, topic, bodies.slice(start, start + batchSize));
  }
}

/** Sends one batch, and again what failed of it: inside a 200, entries fail one by one. */
async function send(sns: SNSClient, topic: string, bodies: readonly string[]): Promise<void> {
  let left = bodies;
  for (let attempt = 0; left.length > 0; attempt++) {
    const entries = left.map((body, at) => ({ Id: `${at}`, Message: body, MessageAttributes: attributes }));
    const { Failed = [] } = await sns.send(
      new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: entries }),
    );
    // What is the sender's fault will be refused again.
    if (Failed.length > 0 && (attempt === tries - 1 || Failed.some(({ SenderFault }) => SenderFault))) {
      throw new Error(`SNS did not take ${Failed.length} events: ${Failed[0]?.Code} ${Failed[0]?.Message}`);
    }
    left = left.filter((_, at) => Failed.some(({ Id }) => Id === `${at}`));
    if (left.length > 0) await sleep(Math.random() * 100 * 2 ** attempt);
  }
}
