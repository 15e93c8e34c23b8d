import { type Clock, systemClock } from "../src/clock.ts";
import { type Offset, parseOffset } from "../src/segments/index.ts";
import { moment } from "./moment.ts";
import { UsageError } from "./usage-error.ts";

/** A place in an archive: a time, in milliseconds since the epoch, or an offset. */
export type Place = { readonly timeMs: number } | { readonly offset: Offset };

const withoutZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/;

/**
 * `2h` (so long ago), `2026-11-27` or `2026-11-27T10:00` (UTC, as the names of spans are), `2026-11-27T10:00+01:00`, or an offset,
 * `2026-11-27-10-00/0/1234`. Throws `UsageError`.
 */
export function place(typed: string, clock: Clock = systemClock): Place {
  const offset = parseOffset(typed);
  if (offset) return { offset };
  try {
    return { timeMs: moment(withoutZone.test(typed) ? `${typed}Z` : typed, clock) };
  } catch {
    throw new UsageError(
      typed.includes("/")
        ? `${JSON.stringify(typed)} is no offset: give span, segment and line, as in "2026-11-27-10-00/0/1234"`
        : `${JSON.stringify(typed)} is neither a time nor an offset: give how long ago, as in "10m" or "2h", a time, as in "2026-11-27T10:00" (UTC) or "2026-11-27T10:00+01:00", or an offset, as in "2026-11-27-10-00/0/1234"`,
    );
  }
}

/** The same for a time alone. */
export function timeMs(typed: string, clock: Clock = systemClock): number {
  const found = place(typed, clock);
  if ("timeMs" in found) return found.timeMs;
  throw new UsageError(
    `${JSON.stringify(typed)} is an offset: give a time, as in "2h" or "2026-11-27T10:00"`,
  );
}
