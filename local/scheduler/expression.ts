import { SettingsError } from "../../src/errors.ts";
import { type Cron, parseCron } from "./cron.ts";
import { type LocalTime, localTimeOf, momentOf } from "./time-zone.ts";

/** When a schedule runs. */
export type Expression =
  | { readonly kind: "at"; readonly time: LocalTime }
  | { readonly kind: "rate"; readonly everyMs: number }
  | { readonly kind: "cron"; readonly cron: Cron };

const unitsMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Reads `at(2026-11-27T13:00:00)`, `rate(5 minutes)`, `cron(0 9 ? * MON-FRI *)`. Throws `SettingsError`. */
export function parseExpression(text: string): Expression {
  const [, kind, inside = ""] = /^(at|rate|cron)\((.*)\)$/.exec(text.trim()) ?? [];
  if (kind === "cron") return { kind, cron: parseCron(inside) };
  if (kind === "rate") {
    const [, value, unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(inside.trim()) ?? [];
    const everyMs = Number(value) * (unitsMs[unit] ?? Number.NaN);
    if (everyMs > 0) return { kind, everyMs };
  }
  if (kind === "at") {
    const [, ...found] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(inside.trim()) ?? [];
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.map(Number);
    const time = { year, month, day, hour, minute, second };
    const asUtc = momentOf(time, "UTC") ?? Number.NaN;
    // The 31st of April is the 1st of May to a Date.
    if (found.length > 0 && JSON.stringify(localTimeOf(asUtc, "UTC")) === JSON.stringify(time))
      return { kind, time };
  }
  throw new SettingsError(
    "schedule-expression",
    `the schedule expression ${JSON.stringify(text)} is none: at(2026-11-27T13:00:00), rate(5 minutes) and cron(0 9 ? * MON-FRI *) are`,
  );
}
