import { randomUUID } from "node:crypto";
import { SNSClient } from "@aws-sdk/client-sns";
import { STSClient } from "@aws-sdk/client-sts";
import { AbstractSnsPublisher } from "@message-queue-toolkit/sns";
import { z } from "zod";
import { orderData } from "../consume/order.ts";
import { type Order, topicArn } from "./order-event.ts";
import { inParallel } from "./pool.ts";

/** As many calls at once as the SDK keeps connections. */
const sideBySide = 50;

const message = z.object({
  id: z.string(),
  type: z.literal("order.created"),
  timestamp: z.string().optional(),
  data: orderData,
});
type Message = z.infer<typeof message>;

class OrdersPublisher extends AbstractSnsPublisher<Message> {
  constructor() {
    super(
      {
        snsClient: new SNSClient({}),
        stsClient: new STSClient({}),
        // As its documentation has it; the type asks for more of a logger than a publisher uses.
        logger: console as never,
        errorReporter: { report: ({ error }) => console.error(error) },
      },
      {
        messageSchemas: [message],
        messageTypeResolver: { messageTypePath: "type" },
        locatorConfig: { topicArn },
      },
    );
  }
}

/** message-queue-toolkit's publisher: typed messages, one call each. */
export async function messageQueueToolkit() {
  const publisher = new OrdersPublisher();
  await publisher.init();
  return (orders: readonly Order[]) =>
    inParallel(orders, sideBySide, (data) =>
      publisher.publish({ id: randomUUID(), type: "order.created", data }),
    );
}
