import type { ReconcilerSettings } from "../../src/env.ts";
import type { ItemOutcome, ItemResult, RepairPlan } from "../../src/reconcile/index.ts";
import { JobError } from "./job-error.ts";
import type { JobCalls } from "./ports.ts";

const sliceMs = 20_000;

/** How far a plan is applied. */
export interface AppliedSoFar {
  /** Items that were come to. */
  readonly done: number;
  readonly of: number;
  readonly counts: Readonly<Partial<Record<ItemOutcome, number>>>;
  /** Those that were not simply repaired, and why; the first few. */
  readonly told: readonly ItemResult[];
}

/** Items that are told one by one. */
const mostTold = 100;

/**
 * Applies a plan, slice by slice, and tells after each how far it is. Left at any point, the same plan can be applied again: what
 * was repaired is not repaired again. `dryRun` looks everything up, and repairs nothing.
 */
export async function* applyJobPlan(
  calls: JobCalls,
  job: ReconcilerSettings,
  plan: RepairPlan,
  {
    by,
    dryRun = false,
    signal,
  }: { readonly by: string; readonly dryRun?: boolean; readonly signal?: AbortSignal },
): AsyncGenerator<AppliedSoFar, void> {
  const counts: Partial<Record<ItemOutcome, number>> = {};
  const told: ItemResult[] = [];
  for (let from: number | undefined = 0; from !== undefined && !signal?.aborted; ) {
    const answer = await calls.ask(job, {
      v: 1,
      do: "apply",
      by,
      plan: plan.id,
      from,
      dryRun,
      withinMs: sliceMs,
    });
    if (!("did" in answer) || answer.did !== "apply") {
      throw new JobError(
        "job-answer",
        `${job.bus}-${job.job} answered ${JSON.stringify(answer)?.slice(0, 200)} to a plan: use bus of the version that is deployed`,
      );
    }
    for (const [outcome, count] of Object.entries(answer.counts)) {
      counts[outcome as ItemOutcome] = (counts[outcome as ItemOutcome] ?? 0) + (count ?? 0);
    }
    told.push(...answer.told.slice(0, mostTold - told.length));
    if (answer.next !== undefined && answer.next <= from) {
      throw new JobError(
        "job-stuck",
        `${job.bus}-${job.job} comes no further with item ${from}: its timeout is too short, or a side does not answer`,
      );
    }
    from = answer.next;
    yield { done: from ?? answer.items, of: answer.items, counts: { ...counts }, told: [...told] };
  }
}
