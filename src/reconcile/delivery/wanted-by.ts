import { matchesFilter } from "../../filter/index.ts";
import type { Wanted } from "../sources/archive-source.ts";
import type { FilterVersion } from "./known-consumer.ts";

/**
 * What a consumer was to get, by its filters as they stood. Before the first of them nothing is known; around each change,
 * `greyMs` to both sides, those before and those after may have been in force: where these disagree, it cannot be told.
 *
 * ```
 *   ?           first            first or second              second
 *  ──────┬──────────────────┬──────────────────────────┬────────────────▶ published
 *   changed + grey     after - grey              changed + grey
 * ```
 */
export function wantedBy(versions: readonly FilterVersion[], greyMs: number): Wanted {
  const periods = versions.map(({ filters, changedMs, afterMs = changedMs }, index) => ({
    filters,
    fromMs: afterMs - greyMs,
    toMs: (versions[index + 1]?.changedMs ?? Number.POSITIVE_INFINITY) + greyMs,
  }));
  const knownFromMs = (versions[0]?.changedMs ?? Number.POSITIVE_INFINITY) + greyMs;

  return ({ topic = "", attributes }, fromMs, toMs) => {
    if (fromMs <= knownFromMs) return "grey";
    let found: "yes" | "no" | undefined;
    for (const period of periods) {
      if (period.fromMs > toMs || period.toMs < fromMs) continue;
      const policy = period.filters[topic];
      const matches = policy !== undefined && matchesFilter(policy, attributes) ? "yes" : "no";
      if (found !== undefined && found !== matches) return "grey";
      found = matches;
    }
    return found ?? "grey";
  };
}
