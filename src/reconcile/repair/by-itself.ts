import { type Clock, systemClock } from "../../clock.ts";
import type { DifferenceClass } from "../difference.ts";
import type { ReconcileJob } from "../job.ts";
import type { ReconcileStore } from "../state.ts";
import { type Applied, applyPlan } from "./apply-plan.ts";
import type { Repairer } from "./how.ts";
import { makePlan } from "./make-plan.ts";
import type { PlanTotals } from "./plan.ts";
import type { RepairStore } from "./repair-store.ts";

/** What may be repaired though nobody has approved of it. */
export interface AutoRule {
  /** Differences of these classes, and of no others. */
  readonly classes: readonly DifferenceClass[];
  /** With more open than that, nothing is repaired by itself. */
  readonly atMost: {
    readonly differences: number;
    /** In the units of `amountOf`, all together. @default any */
    readonly amount?: number;
  };
}

/**
 * What came of repairing by itself.
 * - `nothing`: there is nothing to repair. `applied`: see `applied`.
 * - `over`: more is open than the rule allows: nothing was repaired. `stopped`: it did not converge, and waits for a person.
 */
export type ByItself =
  | { readonly status: "nothing" }
  | { readonly status: "applied"; readonly applied: Applied }
  | { readonly status: "over" | "stopped"; readonly message: string };

/**
 * Repairs what is open as far as the rule allows. All that is open of its classes counts, also what was repaired a moment ago
 * and is not gone yet: never is more than `atMost` under repair at once.
 */
export async function repairByItself(
  job: ReconcileJob,
  rule: AutoRule,
  {
    repairer,
    store,
    repairs,
    clock = systemClock,
    untilMs = Number.POSITIVE_INFINITY,
    callMs,
  }: {
    readonly repairer: Repairer;
    readonly store: ReconcileStore;
    readonly repairs: RepairStore;
    readonly clock?: Clock;
    readonly untilMs?: number;
    readonly callMs?: number;
  },
): Promise<ByItself> {
  const { stopped } = await repairs.state(job.name);
  if (stopped) return { status: "stopped", message: stopped.message };
  const plan = await makePlan(job.name, {
    sides: { left: job.left.name, right: job.right.name },
    repairer,
    store,
    clock,
    classes: rule.classes,
    withTell: false,
    most: rule.atMost.differences + 1,
  });
  if (plan.items.length === 0) return { status: "nothing" };
  const message = overText(plan.totals, plan.left, rule, job.name);
  if (message !== undefined) return { status: "over", message };
  const applied = await applyPlan(plan, {
    job,
    repairer,
    repairs,
    by: "schedule",
    byItself: true,
    clock,
    untilMs,
    ...(callMs === undefined ? {} : { callMs }),
  });
  return { status: "applied", applied };
}

/** Why so much may not be repaired by itself; `undefined`: it may. */
function overText(
  { differences, amount, withoutAmount }: PlanTotals,
  left: number,
  { atMost }: AutoRule,
  job: string,
): string | undefined {
  const then = `nothing was repaired by itself; bus reconcile plan ${job} shows what can be done`;
  const all = differences + left;
  if (all > atMost.differences) {
    return `${all} differences are open that could be repaired, and ${atMost.differences} may be at most: ${then}`;
  }
  if (atMost.amount === undefined) return undefined;
  if (withoutAmount > 0) {
    return `the amounts of ${withoutAmount} differences are not known, and ${atMost.amount} may be repaired at most: ${then}`;
  }
  if (amount <= atMost.amount) return undefined;
  return `the open differences that could be repaired come to ${amount}, and ${atMost.amount} may be at most: ${then}`;
}
