import { defineEvent } from "omnibus-aws";
import * as z from "zod";

/** A customer has placed an order. Money is in whole cents. */
export const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string(), cents: z.int().nonnegative() }),
});
