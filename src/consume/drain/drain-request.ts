import type { drainInput } from "../../env.ts";

type Asked = Partial<Record<keyof typeof drainInput.omnibus, unknown>>;

/** Whether a function was invoked to drain its queue. Reads a payload as it came. */
export function isDrainRequest(payload: unknown): boolean {
  const asked = (payload as { readonly omnibus?: Asked } | null)?.omnibus;
  return asked?.v === 1 && asked.drain === true;
}
