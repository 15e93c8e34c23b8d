import { SettingsError } from "../../src/errors.ts";

/** When a cron expression holds: lists in ascending order, and which days. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  isDay(year: number, month: number, day: number): boolean;
}

type IsDay = Cron["isDay"];

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Reads the six fields of AWS's cron: minutes, hours, day of month, month, day of week (1 is Sunday), year. One of the
 * days is `?`. Throws `SettingsError`. Source: EventBridge Scheduler, "Schedule types".
 */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minutes = "", hours = "", dayOfMonth = "", months = "", dayOfWeek = "", years = ""] = fields;
  if (fields.length !== 6) throw invalid(text, `has ${fields.length} fields; six are needed`);
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw invalid(text, "needs a ? as day of month or as day of week, and not as both");
  }
  const list = (field: string, min: number, max: number, names: readonly string[] = [], first = 1) =>
    valuesOf(field, { min, max, names, first }, text);
  return {
    minutes: list(minutes, 0, 59),
    hours: list(hours, 0, 23),
    months: list(months, 1, 12, monthNames),
    years: list(years, 1970, 2199),
    isDay: dayOfWeek === "?" ? daysOfMonth(dayOfMonth, text) : daysOfWeek(dayOfWeek, text),
  };
}

/** `L` the last day, `15W` the working day nearest to the 15th. */
function daysOfMonth(field: string, text: string): IsDay {
  return anyOf(field, (part) => {
    if (part === "L") return (year, month, day) => day === lastOf(year, month);
    const working = /^(\d+)W$/.exec(part)?.[1];
    if (working !== undefined) return (year, month, day) => day === workingDay(year, month, Number(working));
    const days = new Set(valuesOf(part, { min: 1, max: 31, names: [], first: 1 }, text));
    return (_year, _month, day) => days.has(day);
  });
}

/** `6L` the last Friday, `2#1` the first Monday, `L` Saturday. */
function daysOfWeek(field: string, text: string): IsDay {
  const range = { min: 1, max: 7, names: dayNames, first: 1 };
  return anyOf(field, (part) => {
    const [, nth, ordinal] = /^(\w+)#([1-5])$/.exec(part) ?? [];
    if (nth !== undefined) {
      const [weekday] = valuesOf(nth, range, text);
      return (year, month, day) =>
        weekdayOf(year, month, day) === weekday && Math.ceil(day / 7) === Number(ordinal);
    }
    const last = /^(\w+)L$/.exec(part)?.[1];
    if (last !== undefined) {
      const [weekday] = valuesOf(last, range, text);
      return (year, month, day) => weekdayOf(year, month, day) === weekday && day + 7 > lastOf(year, month);
    }
    const days = new Set(part === "L" ? [7] : valuesOf(part, range, text));
    return (year, month, day) => days.has(weekdayOf(year, month, day));
  });
}

function anyOf(field: string, read: (part: string) => IsDay): IsDay {
  const parts = field.split(",").map(read);
  return (...date) => parts.some((isDay) => isDay(...date));
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
  /** The number of the first name. */
  readonly first: number;
}

function valuesOf(field: string, { min, max, names, first }: Range, text: string): number[] {
  const numberOf = (word: string): number => {
    const named = names.indexOf(word.toUpperCase());
    const value = named >= 0 ? named + first : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw invalid(text, `has ${JSON.stringify(word)} where ${min} to ${max} is allowed`);
  };
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [span = "", stepText] = part.split("/");
    const step = stepText === undefined ? 1 : Number(stepText);
    if (!Number.isInteger(step) || step < 1) throw invalid(text, `has the step ${JSON.stringify(stepText)}`);
    const [from = "", to] = span.split("-");
    const low = span === "*" ? min : numberOf(from);
    const high = span === "*" || (to === undefined && stepText !== undefined) ? max : numberOf(to ?? from);
    // FRI-MON goes over the end.
    for (let value = low; value <= (high < low ? high + max - min + 1 : high); value += step) {
      values.add(value > max ? value - (max - min + 1) : value);
    }
  }
  return [...values].sort((a, b) => a - b);
}

const weekdayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
const lastOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The nearest day that is no Saturday or Sunday, within the month. */
function workingDay(year: number, month: number, wanted: number): number {
  const last = lastOf(year, month);
  const day = Math.min(wanted, last);
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === last ? day - 2 : day + 1;
  return day;
}

function invalid(text: string, why: string): SettingsError {
  return new SettingsError("schedule-expression", `the schedule cron(${text}) ${why}`);
}
