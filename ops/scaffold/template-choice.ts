import type { ConsumerParts } from "./consumer-files.ts";
import type { ContractPlan } from "./contract-plan.ts";
import { ScaffoldError } from "./scaffold-error.ts";

/** Throws for a consumer that emits and keeps no record of what it has done. */
export function refuseEmitsWithoutRecord({ mode, emitted }: ConsumerParts): void {
  if (!emitted || mode !== "none") return;
  throw new ScaffoldError(
    "mode-none-emits",
    'mode "none" keeps no record of what was done, so each delivery would emit again; use --mode once or record, or leave --emits out',
  );
}

/** The field to show in logs: the first that holds text, and can be written after a dot. */
export function textFieldOf({ sample = {} }: Pick<ContractPlan, "sample">): string | undefined {
  return Object.keys(sample).find((key) => typeof sample[key] === "string" && /^[A-Za-z_$][\w$]*$/.test(key));
}
