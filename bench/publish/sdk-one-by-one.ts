import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { type Order, topicArn, writeEvent } from "./order-event.ts";
import { inParallel } from "./pool.ts";

/** As many calls at once as the SDK keeps connections. */
const sideBySide = 50;

/** The plain SDK, one `PublishCommand` an event. */
export function sdkOneByOne() {
  const client = new SNSClient({});
  return (orders: readonly Order[]) =>
    inParallel(orders, sideBySide, (order) =>
      client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Message: writeEvent(order).body,
          MessageAttributes: { type: { DataType: "String", StringValue: "order.created" } },
        }),
      ),
    );
}
