import { SettingsError } from "../errors.ts";

const unitMs = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000, day: 86_400_000 } as const;
type Unit = keyof typeof unitMs;

const span = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|min|h|d)$/;
const arrivals = /^(\d{1,12}(?:\.\d{1,6})?)\/(s|min|h|day)$/;

/** Reads `40ms`, `10s`, `5min`, `1h`, `2d`: milliseconds. Throws `SettingsError` (`load`). */
export function parseSpan(typed: string): number {
  const [, digits, unit] = span.exec(textOf(typed)) ?? [];
  if (digits === undefined || unit === undefined) {
    throw refusal(typed, "span of time", "a number and one of ms, s, min, h, d, as in 40ms or 1h");
  }
  return Number(digits) * unitMs[unit as Unit];
}

/** Reads `100/s`, `6000/min`, `2000/h`, `50000/day`: events a second. Throws `SettingsError` (`load`). */
export function parseArrivals(typed: string): number {
  const [, digits, unit] = arrivals.exec(textOf(typed)) ?? [];
  const perSecond = (Number(digits) * 1_000) / unitMs[(unit ?? "s") as Unit];
  if (!(perSecond > 0)) {
    throw refusal(
      typed,
      "rate of arrivals",
      "a number above 0, a slash, and one of s, min, h, day, as in 100/s",
    );
  }
  return perSecond;
}

/** Reads `100000/s:10s`: so many a second, for so long. Throws `SettingsError` (`load`). */
export function parseBurst(typed: string): { readonly perSecond: number; readonly forMs: number } {
  const [rate, time, ...more] = typed.split(":");
  if (rate === undefined || time === undefined || more.length > 0) {
    throw refusal(typed, "burst", "a rate, a colon and a span of time, as in 100000/s:10s");
  }
  return { perSecond: parseArrivals(rate), forMs: parseSpan(time) };
}

/** An app whose types nobody has checked may hand over anything. */
function textOf(typed: unknown): string {
  return typeof typed === "string" ? typed.trim() : "";
}

function refusal(typed: string, what: string, allowed: string): SettingsError {
  return new SettingsError("load", `${JSON.stringify(typed)} is no ${what}: give ${allowed}`);
}
