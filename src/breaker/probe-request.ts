import type { ProbeVerdict } from "./hold.ts";

/**
 * What a governor invokes a consumer's function with, in the field `omnibus`: alone, it asks the consumer's own `probe`
 * whether the dependency answers again; beside `Records`, it lets these through though a hold is open.
 */
export interface ProbeRequest {
  readonly v: 1;
  readonly probe: string;
}

/** What a probe found out, in the field `probe` of the answer. */
export interface ProbeAnswer {
  readonly verdict: ProbeVerdict;
  /** The one that is down. It may be another than was asked for. */
  readonly dependency?: string;
  /** What it said, where it is not `up`. */
  readonly why?: string;
}

/** The payload of a probe. */
export function probePayload(dependency: string): { readonly omnibus: ProbeRequest } {
  return { omnibus: { v: 1, probe: dependency } };
}

/** Whether a function was invoked for a probe, and for which dependency. Reads a payload as it came. */
export function probeOf(payload: unknown): string | undefined {
  const request = (payload as { readonly omnibus?: Partial<ProbeRequest> } | null)?.omnibus;
  return request?.v === 1 && typeof request.probe === "string" ? request.probe : undefined;
}
