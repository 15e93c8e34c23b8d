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

/** Words that Python keeps for itself, and the name of the log's own first argument. */
const unfitForPython =
  /^(False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|message|nonlocal|not|or|pass|raise|return|try|while|with|yield)$/;

/** The field to show in logs: the first that holds text, and can be a name in both languages. */
export function textFieldOf({ sample = {} }: Pick<ContractPlan, "sample">): string | undefined {
  return Object.keys(sample).find(
    (key) => typeof sample[key] === "string" && /^[A-Za-z_]\w*$/.test(key) && !unfitForPython.test(key),
  );
}
