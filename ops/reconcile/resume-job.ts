import type { ReconcilerSettings } from "../../src/env.ts";
import type { Stopped } from "../../src/reconcile/index.ts";
import { JobError } from "./job-error.ts";
import type { JobCalls } from "./ports.ts";

/** Lets a job repair by itself again; answers what had stopped it, `undefined` where nothing had. */
export async function resumeJob(
  calls: Pick<JobCalls, "ask">,
  job: ReconcilerSettings,
  { by }: { readonly by: string },
): Promise<Stopped | undefined> {
  const answer = await calls.ask(job, { v: 1, do: "resume", by });
  if ("did" in answer && answer.did === "resume") return answer.was;
  throw new JobError(
    "job-answer",
    `${job.bus}-${job.job} did not resume: use bus of the version that is deployed`,
  );
}
