import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** A customer has paid. */
export const paymentCaptured = defineEvent("payment.captured", {
  version: 1,
  topic: "payments",
  schema: z.object({ payment: z.string(), number: z.int(), customer: z.string(), cents: z.int() }),
});
