import { defineEvent } from "omnibus-aws";
import * as z from "zod";

/** All that an order needs is taken from the shelf. */
export const stockLocked = defineEvent("stock.locked", {
  version: 1,
  topic: "stocks",
  schema: z.object({ orderId: z.string() }),
});
