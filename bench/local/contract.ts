import { defineEvent } from "../../src/contract/index.ts";
import { orderData } from "../consume/order.ts";

/** The event of the bench. */
export const orderCreated = defineEvent("order.created", { version: 1, topic: "orders", schema: orderData });
