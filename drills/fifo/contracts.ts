import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** One step of an account: right only behind the step before. `book` is where it is written down. */
export const balanceMoved = defineEvent("balance.moved", {
  version: 1,
  topic: "balances.fifo",
  schema: z.object({ book: z.string(), index: z.int(), step: z.int() }),
});
