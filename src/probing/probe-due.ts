import { type ConsumerHolds, dependencyOf } from "../breaker/index.ts";

/** When a consumer's dependencies are to be probed; `undefined`: nothing of it is to be probed. */
export function probeDueMs({ holds, probe }: ConsumerHolds): number | undefined {
  // Who has paused a consumer does not want a message of it handled.
  if (holds.some(({ name }) => name === "manual")) return undefined;
  const dues = holds.flatMap(({ name, sinceMs, probe: how }) => {
    if (dependencyOf(name) === undefined || !how) return [];
    return [probe && probe.atMs >= sinceMs ? probe.nextMs : sinceMs + how.everyMs];
  });
  return dues.length === 0 ? undefined : Math.min(...dues);
}
