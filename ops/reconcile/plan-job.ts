import type { ReconcilerSettings } from "../../src/env.ts";
import { keptPlan, type RepairPlan } from "../../src/reconcile/index.ts";
import { JobError } from "./job-error.ts";
import type { JobCalls } from "./ports.ts";

/** Has a job's function plan what is to be done about what is open, and answers the plan and where it is kept. */
export async function planJob(
  calls: JobCalls,
  job: ReconcilerSettings,
  { by }: { readonly by: string },
): Promise<{ readonly plan: RepairPlan; readonly url: string }> {
  const answer = await calls.ask(job, { v: 1, do: "plan", by });
  if (!("did" in answer) || answer.did !== "plan") {
    throw new JobError(
      "job-answer",
      `${job.bus}-${job.job} answered ${JSON.stringify(answer)?.slice(0, 200)} to a plan: use bus of the version that is deployed`,
    );
  }
  return { plan: await keptPlan(calls.objects(job), job.job, answer.plan), url: answer.url };
}
