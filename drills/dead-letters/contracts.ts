import * as z from "zod";
import { defineEvent } from "../../src/index.ts";

/** A parcel that a partner is to deliver; `kind` is what the partner will refuse it for, while it refuses. */
export const parcelReady = defineEvent("parcel.ready", {
  version: 1,
  topic: "parcels",
  schema: z.object({ partner: z.string(), parcel: z.int(), kind: z.int() }),
});
