import type { Cron } from "./cron.ts";
import type { Expression } from "./expression.ts";
import { localTimeOf, momentOf } from "./time-zone.ts";

/** Within what an expression runs. */
export interface Bounds {
  readonly timezone: string;
  /** From when a rate is counted: its start, else when it was made. */
  readonly anchorMs: number;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
}

/** The first time after `afterMs` at which a schedule runs; `undefined` when it runs no more. */
export function nextOccurrence(
  expression: Expression,
  { timezone, anchorMs, startMs = Number.NEGATIVE_INFINITY, endMs = Number.POSITIVE_INFINITY }: Bounds,
  afterMs: number,
): number | undefined {
  const fromMs = Math.max(afterMs, startMs - 1);
  const next = nextOf(expression, timezone, anchorMs, fromMs);
  return next !== undefined && next <= endMs ? next : undefined;
}

function nextOf(
  expression: Expression,
  timezone: string,
  anchorMs: number,
  afterMs: number,
): number | undefined {
  switch (expression.kind) {
    case "at": {
      const { time } = expression;
      // A time that clocks pass over is an hour later to them.
      const atMs = momentOf(time, timezone) ?? momentOf({ ...time, hour: time.hour + 1 }, timezone);
      return atMs !== undefined && atMs > afterMs ? atMs : undefined;
    }
    case "rate": {
      const { everyMs } = expression;
      return anchorMs + Math.max(0, Math.floor((afterMs - anchorMs) / everyMs) + 1) * everyMs;
    }
    case "cron":
      return nextOfCron(expression.cron, timezone, afterMs);
  }
}

/** A time that clocks show twice counts once, one that they pass over does not. (schedule-types, "daylight savings time") */
function nextOfCron(cron: Cron, timezone: string, afterMs: number): number | undefined {
  const from = localTimeOf(afterMs, timezone);
  const shown = from.hour * 60 + from.minute;
  for (const year of cron.years) {
    if (year < from.year) continue;
    for (const month of cron.months) {
      if (year === from.year && month < from.month) continue;
      const isThisMonth = year === from.year && month === from.month;
      for (let day = isThisMonth ? from.day : 1; day <= 31; day++) {
        if (!isDate(year, month, day) || !cron.isDay(year, month, day)) continue;
        const isToday = isThisMonth && day === from.day;
        for (const hour of cron.hours) {
          for (const minute of cron.minutes) {
            if (isToday && hour * 60 + minute <= shown) continue;
            const atMs = momentOf({ year, month, day, hour, minute, second: 0 }, timezone);
            if (atMs !== undefined && atMs > afterMs) return atMs;
          }
        }
      }
    }
  }
  return undefined;
}

function isDate(year: number, month: number, day: number): boolean {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
