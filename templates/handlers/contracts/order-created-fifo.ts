import { defineEvent } from "omnibus-aws";
import * as z from "zod";

/** The same on an ordered topic (.fifo): events of one `partitionkey` arrive in the order in which they were published. */
export const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders.fifo",
  schema: z.object({ orderId: z.string(), cents: z.int().nonnegative() }),
});
