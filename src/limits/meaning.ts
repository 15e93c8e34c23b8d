import { SettingsError } from "../errors.ts";

/** What of a limit's options decides what it allows. */
export interface MeaningOptions {
  readonly rate?: string;
  readonly quota?: string;
  readonly horizonMs?: number;
  readonly latenessMs?: number;
  readonly skewMs?: number;
  readonly split?: number;
  /** Whether each key has it for itself. */
  readonly keyed: boolean;
}

/**
 * All of a limit in one line, equal where two declarations mean the same: `partner: rate 50/s (horizon 5000 ms,
 * lateness 20 ms, skew 5 ms, items 1)`, `daily: quota 1000/day, by key`.
 */
export function writeMeaning(name: string, options: MeaningOptions): string {
  const { rate, quota, horizonMs, latenessMs, skewMs, split, keyed } = options;
  const told =
    rate === undefined
      ? `quota ${quota}`
      : `rate ${rate} (horizon ${horizonMs} ms, lateness ${latenessMs} ms, skew ${skewMs} ms, items ${split})`;
  return `${name}: ${told}${keyed ? ", by key" : ""}`;
}

const ofRate =
  /^([a-z0-9-]+): rate (\S+) \(horizon (\d+) ms, lateness (\d+) ms, skew (\d+) ms, items (\d+)\)(, by key)?$/;
const ofQuota = /^([a-z0-9-]+): quota ([^\s,]+)(, by key)?$/;

/**
 * Reads a line of `writeMeaning`: what a deployed consumer's settings tell of its limits. Throws `SettingsError`
 * (`limit-meaning`) for what it did not write.
 */
export function readMeaning(meaning: string): { readonly name: string; readonly options: MeaningOptions } {
  const [, name = "", quota, byKey] = ofQuota.exec(meaning) ?? [];
  if (quota !== undefined) return { name, options: { quota, keyed: byKey !== undefined } };
  const [, rated = "", rate, horizon, lateness, skew, items, keyed] = ofRate.exec(meaning) ?? [];
  if (rate === undefined) {
    throw new SettingsError(
      "limit-meaning",
      `${JSON.stringify(meaning)} is no limit that this version knows: use the version of omnibus-aws that deployed it`,
    );
  }
  return {
    name: rated,
    options: {
      rate,
      horizonMs: Number(horizon),
      latenessMs: Number(lateness),
      skewMs: Number(skew),
      split: Number(items),
      keyed: keyed !== undefined,
    },
  };
}
