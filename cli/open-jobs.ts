import type { FoundPlan, JobCalls } from "../ops/reconcile/index.ts";
import type { Target } from "../ops/target.ts";
import type { ReconcilerSettings } from "../src/env.ts";
import { loadOps } from "./load-ops.ts";
import { withCloud } from "./open-cloud.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** The reconciliations of a cloud, as a command asks for them. */
export interface OpenJobs {
  readonly target: Target;
  readonly calls: JobCalls;
  /** Who asks: as the credentials say. */
  readonly by: string;
  /** Every job there is, or those of one bus. Throws `UsageError` when there is no such bus. */
  jobs(bus: string | undefined): Promise<readonly ReconcilerSettings[]>;
  /** The one of this name; without a name the only one there is. Throws `UsageError` that says which there are. */
  job(name: string | undefined, bus: string | undefined): Promise<ReconcilerSettings>;
  /** The plan of an id or in a file's text. Throws `UsageError` where there is none. */
  plan(
    given: { readonly id: string } | { readonly text: string },
    at: { readonly job?: string | undefined; readonly bus?: string | undefined },
  ): Promise<FoundPlan>;
}

/** What somebody has typed is at fault, and not the cloud. */
const usage = [
  "bus-unknown",
  "job-unknown",
  "job-unclear",
  "plan-unknown",
  "plan-unclear",
  "plan-format",
  "plan-version",
  "plan-changed",
];

/**
 * Says which account and endpoint a command goes to, then runs it with that cloud's reconciliations. `open` is what tests
 * put in the place of AWS.
 */
export async function withJobs<Result>(
  terminal: Terminal,
  run: (jobs: OpenJobs) => Promise<Result>,
): Promise<Result> {
  return withCloud(terminal, async ({ target }) => {
    const { findJob, findPlan, listJobs, planOfFile, sdkJobCalls } = await loadOps(
      () => import("../ops/reconcile/index.ts"),
    );
    const calls = sdkJobCalls();
    try {
      return await run({
        target,
        calls,
        by: target.identity?.arn ?? "unknown",
        jobs: (bus) => asUsage(listJobs(calls, { bus })),
        job: (job, bus) => asUsage(findJob(calls, { job, bus })),
        plan: (given, at) =>
          asUsage("id" in given ? findPlan(calls, given.id, at) : planOfFile(calls, given.text, at)),
      });
    } finally {
      calls.close();
    }
  });
}

async function asUsage<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (thrown) {
    const { code, message } = thrown as { readonly code?: string; readonly message?: string };
    throw code !== undefined && usage.includes(code) ? new UsageError(message ?? code) : thrown;
  }
}
