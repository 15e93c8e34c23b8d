import * as z from "zod";
import { defineEvent } from "../../src/contract/index.ts";

/** `order.created` as far as somebody who writes a text message cares: the event of docs/wire-format.md is one. */
export const orderPlaced = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string(), cents: z.int().nonnegative() }),
});

/** The table of what was sent, and how often. */
export const sentTable = "shop-sms-sent";
