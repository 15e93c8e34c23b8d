import { SettingsError } from "../../src/errors.ts";

/** What a clock on a wall shows. `month` is 1 to 12. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks show in a time zone. Throws `SettingsError` for one that is not known. */
export function localTimeOf(atMs: number, zone: string): LocalTime {
  if (zone === "UTC") return fromUtc(new Date(atMs));
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/**
 * When clocks in a time zone show a time: the first time where they show it twice, `undefined` where they never do
 * because they were put forward.
 */
export function momentOf(local: LocalTime, zone: string): number | undefined {
  const asUtc = utcOf(local);
  if (zone === "UTC") return asUtc;
  // What the zone's clocks are ahead the day before and the day after: one of the two holds.
  const ahead = [-dayMs, dayMs].map((offset) => utcOf(localTimeOf(asUtc + offset, zone)) - asUtc - offset);
  const moments = ahead.map((aheadMs) => asUtc - aheadMs).sort((a, b) => a - b);
  return moments.find((atMs) => utcOf(localTimeOf(atMs, zone)) === asUtc);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat("en-US", {
        ...{ timeZone: zone, hourCycle: "h23", era: undefined },
        ...{ year: "numeric", month: "numeric", day: "numeric" },
        ...{ hour: "numeric", minute: "numeric", second: "numeric" },
      });
    } catch (cause) {
      throw new SettingsError(
        "schedule-timezone",
        `there is no time zone ${JSON.stringify(zone)}: a name of the IANA database is needed, such as Europe/Berlin`,
        { cause },
      );
    }
    formats.set(zone, format);
  }
  return format;
}

function utcOf({ year, month, day, hour, minute, second }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function fromUtc(date: Date): LocalTime {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}
