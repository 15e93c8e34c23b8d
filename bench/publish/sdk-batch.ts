import { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
import { type Order, topicArn, writeEvent } from "./order-event.ts";
import { inParallel } from "./pool.ts";

const batchEntries = 10;
/** As many calls at once as our publisher makes by default. */
const sideBySide = 8;

/** The plain SDK, ten events a `PublishBatchCommand`, as one writes it by hand. */
export function sdkBatch() {
  const client = new SNSClient({});
  return (orders: readonly Order[]) => {
    const batches: Order[][] = [];
    for (let start = 0; start < orders.length; start += batchEntries) {
      batches.push(orders.slice(start, start + batchEntries));
    }
    return inParallel(batches, sideBySide, async (batch) => {
      const { Failed: failed = [] } = await client.send(
        new PublishBatchCommand({
          TopicArn: topicArn,
          PublishBatchRequestEntries: batch.map((order, index) => ({
            Id: String(index),
            Message: writeEvent(order).body,
            MessageAttributes: { type: { DataType: "String", StringValue: "order.created" } },
          })),
        }),
      );
      if (failed.length > 0) throw new Error(`${failed.length} entries failed`);
    });
  };
}
