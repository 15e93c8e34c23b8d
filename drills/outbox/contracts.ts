import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** An order that stands in the shop's table: the event is there if and only if the order is. */
export const orderWritten = defineEvent("order.written", {
  version: 1,
  topic: "orders",
  schema: z.object({ order: z.int(), cents: z.int(), writtenMs: z.int() }),
});
