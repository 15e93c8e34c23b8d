import type { ObjectStore } from "../../segments/index.ts";
import { PlanError, type RepairPlan, readPlan } from "../repair/plan.ts";

/** Where a plan is kept, in the archive's bucket. */
export function planKey(job: string, id: string): string {
  return `plans/${job}/${id}.json`;
}

/** Keeps a plan under its id, so that what is approved is what is applied. */
export async function keepPlan(objects: ObjectStore, plan: RepairPlan): Promise<{ readonly url: string }> {
  const key = planKey(plan.job, plan.id);
  await objects.put(key, Buffer.from(`${JSON.stringify(plan, undefined, 2)}\n`));
  return { url: objects.urlOf(key) };
}

/** The plan of an id. Throws `PlanError`: `plan-unknown` where there is none, and what `readPlan` throws. */
export async function keptPlan(objects: ObjectStore, job: string, id: string): Promise<RepairPlan> {
  if (!/^[\da-f]{16}$/.test(id)) throw unknown(job, id);
  const found = await objects.get(planKey(job, id)).catch((cause: unknown) => {
    // Who may not list a bucket is told so of objects that are not there. (API_GetObject)
    throw cause instanceof Error && cause.name === "AccessDenied" ? unknown(job, id, cause) : cause;
  });
  if (!found) throw unknown(job, id);
  const plan = readPlan(found.body.toString("utf8"));
  if (plan.job === job && plan.id === id) return plan;
  throw new PlanError("plan-changed", `${planKey(job, id)} holds plan ${plan.id} of job ${plan.job}`);
}

function unknown(job: string, id: string, cause?: unknown): PlanError {
  return new PlanError(
    "plan-unknown",
    `there is no plan ${JSON.stringify(id)} of job ${job}: bus reconcile plan ${job} makes one`,
    { cause },
  );
}
