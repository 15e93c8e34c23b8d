import type { ReconcilerSettings } from "../../src/env.ts";
import { consumerOfJob } from "../../src/names.ts";
import { JobError } from "./job-error.ts";
import type { JobCalls } from "./ports.ts";

/** Reconciliations of this cloud, by their functions' settings; of one bus, where one is given. Sorted by name. */
export async function listJobs(
  calls: Pick<JobCalls, "jobs">,
  { bus }: { readonly bus?: string | undefined } = {},
): Promise<readonly ReconcilerSettings[]> {
  const all = await calls.jobs();
  const found = all.filter((one) => bus === undefined || one.bus === bus);
  if (bus !== undefined && found.length === 0) {
    const buses = [...new Set(all.map((one) => one.bus))].sort().join(", ");
    throw new JobError(
      "bus-unknown",
      `no reconciliation here belongs to a bus ${JSON.stringify(bus)}; ${buses === "" ? "there is none at all" : `there is ${buses}`}`,
    );
  }
  return [...found].sort((a, b) => (jobTitle(a) < jobTitle(b) ? -1 : 1));
}

/**
 * The one job of this name; without a name, the only one there is, of a user's own where there are any. Throws `JobError` that says which
 * there are.
 */
export async function findJob(
  calls: Pick<JobCalls, "jobs">,
  { job, bus }: { readonly job?: string | undefined; readonly bus?: string | undefined },
): Promise<ReconcilerSettings> {
  const all = await listJobs(calls, { bus });
  const own = all.filter((found) => consumerOfJob(found.job) === undefined);
  const meant = job === undefined ? (own.length > 0 ? own : all) : all.filter((found) => found.job === job);
  const [one, ...more] = meant;
  const there = all.length === 0 ? "there is none at all" : `there is ${all.map(jobTitle).join(", ")}`;
  if (one === undefined) {
    const which = job === undefined ? "no reconciliation" : `no reconciliation ${JSON.stringify(job)}`;
    throw new JobError("job-unknown", `there is ${which} here; ${there}`);
  }
  if (more.length > 0) {
    throw new JobError(
      "job-unclear",
      job === undefined
        ? `which reconciliation? ${there}`
        : `${job} is in more than one bus (${[one, ...more].map(jobTitle).join(", ")}): give --bus`,
    );
  }
  return one;
}

/** `{bus}-{job}`, as people know it. */
export function jobTitle({ bus, job }: Pick<ReconcilerSettings, "bus" | "job">): string {
  return `${bus}-${job}`;
}
