import type { ConsumerHolds } from "../../src/breaker/index.ts";
import type { MappingFacts } from "../../src/governor/index.ts";

/**
 * How a consumer stands. `closing` and `opening`: its mapping is not there yet. `recovering`: it takes a few batches at
 * once, after an outage.
 */
export type ConsumerState = "running" | "closing" | "held" | "opening" | "recovering" | "no mapping";

/** Tells a consumer's state by what holds it, and by its mapping. One that a schedule drains looks by itself what holds it. */
export function judgeStatus(
  { holds, ramp }: Pick<ConsumerHolds, "holds" | "ramp">,
  mapping: Pick<MappingFacts, "state"> | undefined,
  { drained = false }: { readonly drained?: boolean | undefined } = {},
): ConsumerState {
  if (drained) return holds.length > 0 ? "held" : "running";
  if (mapping === undefined) return "no mapping";
  const isOpen = mapping.state === "Enabled" || mapping.state === "Updating";
  if (holds.length > 0) return mapping.state === "Disabled" ? "held" : "closing";
  if (!isOpen) return "opening";
  return ramp ? "recovering" : "running";
}
