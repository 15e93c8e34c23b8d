import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** A step of an account, which stands in the bank's table: the event is there if and only if the step is. */
export const stepWritten = defineEvent("step.written", {
  version: 1,
  topic: "steps.fifo",
  schema: z.object({
    order: z.int(),
    account: z.string(),
    sequence: z.int().positive(),
    cents: z.int(),
    writtenMs: z.int(),
  }),
});
