import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** Bank A has taken the money from its customer: bank B owes it to the same customer's account there. */
export const transferDebited = defineEvent("transfer.debited", {
  version: 1,
  topic: "transfers",
  schema: z.object({
    transfer: z.string(),
    number: z.int(),
    customer: z.string(),
    cents: z.int(),
    atMs: z.int(),
  }),
});
