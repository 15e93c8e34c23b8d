import * as z from "zod";
import { defineEvent, limit } from "../../src/index.ts";

/** A page that a crawler is to fetch. */
export const pageFound = defineEvent("page.found", {
  version: 1,
  topic: "pages",
  schema: z.object({ url: z.string(), site: z.string() }),
  filterable: ["site"],
});

/** What the third party allows: one call more in any second, and it bans. */
export const callsPerSecond = 50;

/** Of each second: room for the way from a start to the third party. */
export const wayMs = 15;

/**
 * The limit that all four consumers share. A start on this machine is on time or it is given up; the rest of the room is
 * for what lies between the start and the third party's own clock.
 */
export const partner = limit("partner", { rate: `${callsPerSecond}/s`, latenessMs: 10, skewMs: wayMs });
