import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** A customer has placed an order for CDs. Money is in whole cents. */
export const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string(), cds: z.int().nonnegative(), cents: z.int().nonnegative() }),
  filterable: ["cds"],
});
