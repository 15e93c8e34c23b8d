import type { ConsumerHolds, Ramp } from "../breaker/index.ts";
import { isFull, type MappingFacts, nextStep } from "../probing/index.ts";
import type { MappingUpdate } from "./ports.ts";

/** What is to be done about one mapping now. */
export type Decision =
  /** It is as it should be, until something is written. */
  | { readonly do: "nothing" }
  /** It is on its way, or stays as it is for a while: look again at `atMs`, or soon. */
  | { readonly do: "wait"; readonly atMs?: number }
  | { readonly do: "update"; readonly change: MappingUpdate }
  | { readonly do: "ramp"; readonly before: Ramp; readonly after: Ramp | undefined };

/**
 * A mapping is enabled if and only if nothing holds its consumer. Pure, and asked anew in every pass: whoever looks, after
 * a deployment, a kill or another governor, comes to the same.
 *
 * ```
 *               held                      last hold lifted            every step seen for a while
 *  Enabled ───────────────▶ Disabled ───────────────────▶ Enabled, 2 at once ──▶ 5 ──▶ … ──▶ as planned
 *     ▲        (Disabling)           no breaker among them: as it was             held again: Disabled
 *     └──────────────────────────────────────┘
 * ```
 */
export function decide(
  mapping: MappingFacts,
  { holds, ramp }: ConsumerHolds,
  planned: number | undefined,
  { nowMs, stepMs }: { readonly nowMs: number; readonly stepMs: number },
): Decision {
  const { state } = mapping;
  if (state !== "Enabled" && state !== "Disabled") return { do: "wait" };
  if (holds.length > 0) {
    return state === "Enabled" ? { do: "update", change: { enabled: false } } : { do: "nothing" };
  }
  const enabled = state === "Enabled";
  if (!ramp) return enabled ? { do: "nothing" } : { do: "update", change: { enabled: true } };
  const full = mapping.isProvisioned || isFull(ramp.step, planned);
  const target = full ? planned : ramp.step;
  const isThere = mapping.isProvisioned || mapping.maximumConcurrency === target;
  if (!enabled || !isThere) {
    const change = mapping.isProvisioned ? {} : { maximumConcurrency: target ?? ("unset" as const) };
    return { do: "update", change: { ...(enabled ? {} : { enabled: true }), ...change } };
  }
  if (full) return { do: "ramp", before: ramp, after: undefined };
  if (ramp.sinceMs === undefined) return { do: "ramp", before: ramp, after: { ...ramp, sinceMs: nowMs } };
  const dueMs = ramp.sinceMs + stepMs;
  if (nowMs < dueMs) return { do: "wait", atMs: dueMs };
  return { do: "ramp", before: ramp, after: { step: nextStep(ramp.step, planned) } };
}
