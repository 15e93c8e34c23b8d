import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** A transfer to be booked, and told to a partner. `crash`: where the process of its first run is to die. */
export const transferAsked = defineEvent("transfer.asked", {
  version: 1,
  topic: "transfers",
  schema: z.object({
    index: z.int(),
    from: z.string(),
    to: z.string(),
    cents: z.int().positive(),
    partner: z.string(),
    crash: z.string().optional(),
  }),
});

/** A transfer that was booked. */
export const transferBooked = defineEvent("transfer.booked", {
  version: 1,
  topic: "bookings",
  schema: z.object({ index: z.int() }),
});
