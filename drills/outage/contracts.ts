import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** An order that has to be paid for. `partner`: where the partner is, in this run. */
export const orderPlaced = defineEvent("order.placed", {
  version: 1,
  topic: "orders",
  schema: z.object({ order: z.int(), cents: z.int(), partner: z.string() }),
});

/** The orders of a run: each costs something else, so that a total tells them apart. */
export function orderOf(order: number, partner: string) {
  return { order, cents: 100 + (order % 9_973), partner };
}
