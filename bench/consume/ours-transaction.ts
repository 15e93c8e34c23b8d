import { consume } from "../../src/consume/index.ts";
import { defineEvent } from "../../src/contract/index.ts";
import { orderData } from "./order.ts";
import type { Handled } from "./sqs-handler.ts";

/** The same in mode `transaction`, with one write of the handler's own: what the others would still have to do. */
export function oursTransaction(handled: Handled) {
  const orderCreated = defineEvent("order.created", { version: 1, topic: "orders", schema: orderData });
  return consume(orderCreated, async ({ data: { orderId, customer, total } }) => {
    handled(orderId);
    return {
      Update: {
        TableName: "bench-points",
        Key: { customer: { S: customer } },
        UpdateExpression: "ADD #points :points",
        ExpressionAttributeNames: { "#points": "points" },
        ExpressionAttributeValues: { ":points": { N: String(total) } },
      },
    };
  });
}
