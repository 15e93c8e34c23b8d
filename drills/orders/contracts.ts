import * as z from "zod";
import { defineEvent } from "../../src/contract/index.ts";

/** A customer has placed an order for CDs. Money is in whole cents. */
export const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({
    orderId: z.string(),
    customer: z.string(),
    /** The day it was placed. The event's own `time` is when it was published. */
    date: z.iso.date(),
    cds: z.int().nonnegative(),
    cents: z.int().nonnegative(),
  }),
});
