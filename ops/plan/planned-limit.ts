import { SettingsError } from "../../src/errors.ts";
import { limit, readMeaning } from "../../src/limits/index.ts";
import type { PlannedLimit } from "../../src/plan/index.ts";

/** A limit of a deployed consumer, by the line in its settings. Throws `SettingsError` for one that it cannot read. */
export function plannedLimit(meaning: string): PlannedLimit {
  const { name, options } = readMeaning(meaning);
  const { keyed, ...others } = options;
  return limit(name, keyed ? { ...others, key: () => "" } : others);
}

const windows = /\/(s|min)$/;

/**
 * Limits as they are typed: `50/s`, or several with names: `partner=50/s,mail=1000/day`. Those of a second or a minute
 * are rates, those of an hour or a day quotas. Throws `SettingsError` for what is none, and for one name given twice.
 */
export function typedLimits(typed: string): readonly PlannedLimit[] {
  const limits = typed.split(",").map((one, index) => {
    const [name, ...rest] = one.includes("=")
      ? one.split("=")
      : [index === 0 ? "partner" : `partner-${index + 1}`, one];
    const text = rest.join("=").trim();
    return limit(
      (name ?? "").trim(),
      windows.test(text) || !/\/(h|day)$/.test(text) ? { rate: text } : { quota: text },
    );
  });
  const twice = limits.find(({ name }, index) => limits.findIndex((other) => other.name === name) !== index);
  if (!twice) return limits;
  throw new SettingsError(
    "limit-twice",
    `limit ${JSON.stringify(twice.name)} is given twice in ${JSON.stringify(typed)}: give each a name of its own, as in partner=50/s,mail=1000/day`,
  );
}
