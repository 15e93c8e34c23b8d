import type { ProbeAnswer } from "../breaker/index.ts";
import { isShadow } from "../contract/index.ts";
import type { Delivery } from "./delivery.ts";

/**
 * What a batch that was let through has taught about dependencies. A handler that ran and named none as down has found
 * them up, whatever else became of it: a bug must not keep a consumer held. What did not run has found out nothing, nor has a run whose effects were withheld.
 */
export function probeAnswer(deliveries: readonly Delivery[]): ProbeAnswer {
  for (const { outcome } of deliveries) {
    if (outcome?.kind !== "retry" || outcome.dependency === undefined) continue;
    return { verdict: "down", dependency: outcome.dependency, why: outcome.error?.message ?? outcome.reason };
  }
  if (deliveries.some(({ started, replayId }) => started && !isShadow(replayId))) return { verdict: "up" };
  const kinds = deliveries.map(({ outcome }) => (outcome?.kind === "retry" ? outcome.reason : outcome?.kind));
  return { verdict: "unknown", why: `nothing ran: ${[...new Set(kinds)].join(", ")}` };
}
