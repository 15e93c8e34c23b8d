import * as z from "zod";
import { defineEvent, type Limit, limit } from "../../src/index.ts";

/** An order that the back end has to book. `backEnd`: where it is, in this run. */
export const orderPlaced = defineEvent("order.placed", {
  version: 1,
  topic: "orders",
  schema: z.object({ order: z.int(), backEnd: z.string() }),
});

/** What the back end takes on this machine; the room is for what lies between a start and the back end's own clock. */
export const backEnd = limit("back-end", { rate: "500/s", skewMs: 12 });

/** What it takes in virtual time, where every clock is one. */
export const virtualBackEnd = limit("back-end", { rate: "5000/s" });

/** How far apart the starts of a limit are, all its items together. */
export function paceOf(limit: Limit): number {
  if (limit.kind === "quota") return 0;
  return 1 / limit.parts.reduce((sum, { spacingMicros }) => sum + 1_000 / spacingMicros, 0);
}
