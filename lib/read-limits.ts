import { SettingsError } from "../src/errors.ts";
import type { Limit } from "../src/limits/index.ts";
import { valueText } from "./value-text.ts";

/**
 * What a consumer was given as its limits: an app whose types nobody has checked may hand over anything. Throws
 * `SettingsError` (`limit-shape`) for what `limit()` has not made.
 */
export function readLimits(limits: readonly Limit[] = []): readonly Limit[] {
  const isLimit = (one: Limit | undefined) => typeof one?.meaning === "string";
  if (Array.isArray(limits) && limits.every(isLimit)) return limits;
  throw new SettingsError(
    "limit-shape",
    `limits is ${valueText(limits)}, and must be an array of what limit(…) has made, as in limits: [limit("partner-api", { rate: "50/s" })]`,
  );
}
