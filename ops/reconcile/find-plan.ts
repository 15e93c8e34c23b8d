import type { ReconcilerSettings } from "../../src/env.ts";
import { keepPlan, keptPlan, planKey, type RepairPlan, readPlan } from "../../src/reconcile/index.ts";
import { findJob, jobTitle, listJobs } from "./find-jobs.ts";
import { JobError } from "./job-error.ts";
import type { JobCalls } from "./ports.ts";

/** A plan, and the job that it belongs to. */
export interface FoundPlan {
  readonly job: ReconcilerSettings;
  readonly plan: RepairPlan;
}

/** Fewer characters of an id say too little. */
const leastIdLength = 4;
const idLength = 16;

/**
 * The plan that somebody means by its id, or by the first characters of it, among those that are kept. Throws `JobError`
 * where there is none, or more than one.
 */
export async function findPlan(
  calls: JobCalls,
  id: string,
  { job, bus }: { readonly job?: string | undefined; readonly bus?: string | undefined },
): Promise<FoundPlan> {
  if (!new RegExp(`^[\\da-f]{${leastIdLength},${idLength}}$`).test(id)) {
    throw new JobError(
      "plan-unknown",
      `${JSON.stringify(id)} is no plan: give a file, or an id of ${idLength} digits, or the first ${leastIdLength} or more of them`,
    );
  }
  const jobs = (await listJobs(calls, { bus })).filter((one) => job === undefined || one.job === job);
  const found: { readonly job: ReconcilerSettings; readonly id: string }[] = [];
  for (const one of jobs) {
    const prefix = planKey(one.job, id).slice(0, -".json".length);
    for await (const { key } of calls.objects(one).list(prefix, { limit: 2 })) {
      found.push({ job: one, id: key.slice(prefix.length - id.length, -".json".length) });
    }
  }
  const [first, ...more] = found;
  if (!first) {
    throw new JobError(
      "plan-unknown",
      `there is no plan ${id} of ${jobs.map(jobTitle).join(", ") || "any job"}: bus reconcile plan makes one`,
    );
  }
  if (more.length > 0) {
    throw new JobError(
      "plan-unclear",
      `${id} means more than one plan (${found.map((one) => `${one.id} of ${jobTitle(one.job)}`).join(", ")}): give more of it`,
    );
  }
  return { job: first.job, plan: await keptPlan(calls.objects(first.job), first.job.job, first.id) };
}

/** The plan that a file holds. It is kept where the job's function finds it, if it is not there any more. */
export async function planOfFile(
  calls: JobCalls,
  text: string,
  { bus }: { readonly bus?: string | undefined },
): Promise<FoundPlan> {
  const plan = readPlan(text);
  const job = await findJob(calls, { job: plan.job, bus });
  const objects = calls.objects(job);
  if (!(await objects.get(planKey(plan.job, plan.id)))) await keepPlan(objects, plan);
  return { job, plan };
}
