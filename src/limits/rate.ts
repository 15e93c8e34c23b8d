import { SettingsError } from "../errors.ts";

/** So many in a window of time. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

const unitMs = { s: 1_000, min: 60_000, h: 3_600_000, day: 86_400_000 } as const;
type Unit = keyof typeof unitMs;

/** What may stand behind the slash of a rate (a moving window) and of a quota (a bucket that starts anew). */
const unitsOf = { rate: ["s", "min", "h"], quota: ["min", "h", "day"] } as const satisfies Record<
  string,
  readonly Unit[]
>;

/** The longest text is ten digits, a slash and a unit: far above what any API allows. */
const pattern = /^([1-9][0-9]{0,9})\/([a-z]+)$/;

/** Reads `50/s` or `1000/day`. Throws `SettingsError` that names the limit, the value and what is allowed. */
export function parseRate(limit: string, kind: keyof typeof unitsOf, text: string): Rate {
  const [, digits, unit] = pattern.exec(text) ?? [];
  const allowed: readonly string[] = unitsOf[kind];
  if (digits === undefined || unit === undefined || !allowed.includes(unit)) {
    throw new SettingsError(
      "limit-rate",
      `limit ${JSON.stringify(limit)}: ${kind} ${JSON.stringify(text)} is not allowed: write a whole number from 1, a slash, and one of ${allowed.join(", ")}, as in ${kind === "rate" ? '"50/s"' : '"1000/day"'}`,
    );
  }
  return { count: Number(digits), windowMs: unitMs[unit as Unit] };
}
