import { consume } from "../../src/consume/index.ts";
import { defineEvent } from "../../src/contract/index.ts";
import { orderData } from "./order.ts";
import type { Handled } from "./sqs-handler.ts";

/** Omnibus as a stack deploys it: settings from the environment, ledger on DynamoDB, logs and metrics written. */
export function ours(handled: Handled) {
  const orderCreated = defineEvent("order.created", { version: 1, topic: "orders", schema: orderData });
  return consume(orderCreated, async (event) => {
    handled(event.data.orderId);
  });
}
