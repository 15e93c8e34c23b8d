import { type Clock, systemClock } from "../src/clock.ts";
import { UsageError } from "./usage-error.ts";

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const ago = /^(?<count>\d{1,6})(?<unit>[smhd])$/;
/** A date, or a date and time with its zone: without one, two readers would mean two moments. */
const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** `2h` (so long ago), `2026-11-23` (UTC) or `2026-11-23T05:00Z`: milliseconds since the epoch. */
export function moment(typed: string, clock: Clock = systemClock): number {
  const { count, unit } = ago.exec(typed)?.groups ?? {};
  if (count !== undefined) return clock.nowMs() - Number(count) * unitMs[unit as keyof typeof unitMs];
  const ms = iso.test(typed) && isDay(typed.slice(0, 10)) ? Date.parse(typed) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new UsageError(
    `${JSON.stringify(typed)} is no moment: give how long ago, as in "30m", "2h" or "3d", or a time as in "2026-11-23T05:00Z"`,
  );
}

/** `Date` takes the 31st of February for the 3rd of March. */
function isDay(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/** `30m`, `2h` or `3d`: how long, in milliseconds. */
export function age(typed: string): number {
  const { count, unit } = ago.exec(typed)?.groups ?? {};
  if (count !== undefined) return Number(count) * unitMs[unit as keyof typeof unitMs];
  throw new UsageError(`${JSON.stringify(typed)} is no length of time: give it as in "30m", "2h" or "3d"`);
}
