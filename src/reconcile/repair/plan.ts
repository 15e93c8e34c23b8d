import { hash } from "node:crypto";
import { canonicalJson } from "../../contract/index.ts";
import { OmnibusError } from "../../errors.ts";
import type { DifferenceClass } from "../difference.ts";
import type { How } from "./how.ts";

/** What is to be done about the open differences of a job. `schema/repair-plan.schema.json` describes it. */
export interface RepairPlan {
  readonly v: 1;
  /** Made of all else that is in it: another one as soon as anything is. */
  readonly id: string;
  readonly job: string;
  /** When it was made. */
  readonly at: string;
  readonly items: readonly PlanItem[];
  readonly totals: PlanTotals;
  /** Open differences that found no room in this plan: for the next one. */
  readonly left: number;
}

export interface PlanItem {
  readonly key: string;
  readonly class: DifferenceClass;
  /** When it happened, and when it was first seen to differ. */
  readonly time: string;
  readonly firstSeen: string;
  /** What the difference said when it was planned for: it is applied to no other. */
  readonly content: string;
  /** What differs. */
  readonly why: string;
  readonly how: How;
  /** In whole units, such as cents; left out where it is not known. */
  readonly amount?: number;
}

/** Sums of differences; the amounts of those whose amounts are known. */
export interface PlanTotal {
  readonly differences: number;
  readonly amount: number;
  readonly withoutAmount: number;
}

export interface PlanTotals extends PlanTotal {
  readonly classes: Readonly<Partial<Record<DifferenceClass, PlanTotal>>>;
  readonly how: Readonly<Record<How["do"], number>>;
}

/** A plan that is none, or not the one that its id says. */
export class PlanError extends OmnibusError {}

/** How many characters of an id stand for it, where a person types it. */
export const shortIdLength = 6;

/** Makes the plan of some items, with its id and its sums. */
export function planOf(
  job: string,
  items: readonly PlanItem[],
  { atMs, left }: { readonly atMs: number; readonly left: number },
): RepairPlan {
  const at = new Date(atMs).toISOString();
  return { v: 1, id: planIdOf(job, at, items), job, at, items, totals: totalsOf(items), left };
}

/**
 * Takes a plan out of its JSON. Throws `PlanError`: `plan-format` for what is none, `plan-version` for one of another
 * version, `plan-changed` where the items are not those that the id was made of: what was approved is what is applied.
 */
export function readPlan(text: string): RepairPlan {
  const value = parsed(text);
  if (value?.v !== undefined && value.v !== 1) {
    throw new PlanError(
      "plan-version",
      `this plan has the format ${JSON.stringify(value.v)}; 1 is known here: make a new plan`,
    );
  }
  const plan = value as RepairPlan | undefined;
  const isPlan =
    typeof plan?.id === "string" && typeof plan.job === "string" && Array.isArray(plan.items) && plan.v === 1;
  if (!plan || !isPlan) {
    throw new PlanError("plan-format", "this is no plan: give what bus reconcile plan has written");
  }
  const id = planIdOf(plan.job, plan.at, plan.items);
  if (id === plan.id) return { ...plan, totals: totalsOf(plan.items) };
  throw new PlanError(
    "plan-changed",
    `plan ${plan.id} was changed since it was made (its items are those of ${id}): make a new plan`,
  );
}

/** Adds up items: all, by class and by what is to be done. */
export function totalsOf(items: readonly PlanItem[]): PlanTotals {
  const classes: Partial<Record<DifferenceClass, PlanTotal>> = {};
  const how = { send: 0, call: 0, tell: 0 };
  let all: PlanTotal = { differences: 0, amount: 0, withoutAmount: 0 };
  for (const item of items) {
    all = plus(all, item);
    classes[item.class] = plus(classes[item.class] ?? { differences: 0, amount: 0, withoutAmount: 0 }, item);
    how[item.how.do]++;
  }
  return { ...all, classes, how };
}

function plus({ differences, amount, withoutAmount }: PlanTotal, item: PlanItem): PlanTotal {
  return {
    differences: differences + 1,
    amount: amount + (item.amount ?? 0),
    withoutAmount: withoutAmount + (item.amount === undefined ? 1 : 0),
  };
}

function planIdOf(job: string, at: string, items: readonly PlanItem[]): string {
  return hash("sha256", canonicalJson({ v: 1, job, at, items }), "hex").slice(0, 16);
}

function parsed(text: string): { readonly v?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
