import { defineEvent } from "../../src/contract/index.ts";
import { createPublisher } from "../../src/publish/index.ts";
import { orderData } from "../consume/order.ts";
import type { Order } from "./order-event.ts";

/** Omnibus' publisher with its defaults. */
export function ours() {
  const orderCreated = defineEvent("order.created", { version: 1, topic: "orders", schema: orderData });
  const publisher = createPublisher({ bus: "bench", source: "bench/orders", account: "000000000000" });
  return (orders: readonly Order[]) => publisher.publishAll(orderCreated, orders);
}
