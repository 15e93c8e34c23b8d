import { loadRules } from "./load-rules.ts";
import type { LoadPlan } from "./plan-load.ts";
import { horizonRule, inFlightRule, splitRule } from "./room-rules.ts";

/** A number of a plan that cannot work. */
export interface PlanFinding {
  /** The guard's, at synth. */
  readonly id: string;
  readonly problem: string;
  readonly reason: string;
  readonly fix: string;
}

/** All that cannot work in a plan. */
export function planFindings(plan: LoadPlan): readonly PlanFinding[] {
  return [...loadRules, horizonRule, splitRule, inFlightRule].flatMap(({ id, reason, fix, check }) => {
    const problem = check(plan);
    return problem === undefined ? [] : [{ id, problem, reason, fix }];
  });
}
