import type { ReconcilerSettings } from "../../env.ts";
import { type Applied, applyPlan } from "../repair/apply-plan.ts";
import { countResults, type ItemOutcome, type ItemResult } from "../repair/item-outcome.ts";
import { makePlan } from "../repair/make-plan.ts";
import type { PlanTotals } from "../repair/plan.ts";
import type { Stopped } from "../repair/repair-store.ts";
import type { JobReport } from "../report/job-report.ts";
import type { JobParts, PartedJob } from "./job-parts.ts";
import { keepPlan, keptPlan } from "./kept-plans.ts";
import { type ReconcilerRequest, readRequest } from "./request.ts";
import { visit } from "./visit.ts";
import { type PartsAnswer, workParts } from "./work-parts.ts";

/** What a reconciler's function answers; to messages of its queue, which of them are to come again. */
export type ReconcilerAnswer =
  | PartsAnswer
  | { readonly did: "run"; readonly status: "held" }
  | { readonly did: "run"; readonly status: "ran"; readonly report: ShortReport; readonly reportUrl?: string }
  | {
      readonly did: "plan";
      readonly plan: string;
      readonly items: number;
      readonly left: number;
      readonly totals: PlanTotals;
      readonly url: string;
    }
  | {
      readonly did: "apply";
      readonly plan: string;
      readonly counts: Readonly<Partial<Record<ItemOutcome, number>>>;
      /** Those that were not simply repaired, and why; the first few. */
      readonly told: readonly ItemResult[];
      readonly next?: number;
      readonly items: number;
    }
  | { readonly did: "resume"; readonly was: Stopped | undefined };

/** A report without what may be long: Lambda answers 6 MB at most. */
export type ShortReport = Omit<JobReport, "history" | "audit" | "open" | "unknown"> & {
  readonly open: Omit<JobReport["open"], "some">;
};

/** A Lambda function that runs a job: by its schedule, by messages of its windows' queue, and as people ask. */
export type ReconcilerHandler = (
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
) => Promise<ReconcilerAnswer>;

const toldResults = 200;

/** Makes the function of a job; `assemble` is called with the first event, and its answer is kept. */
export function jobHandler(assemble: () => Promise<PartedJob> | PartedJob): ReconcilerHandler {
  let assembled: Promise<PartedJob> | undefined;
  return async (event, context) => {
    const remainingMs = () => context.getRemainingTimeInMillis();
    const request = readRequest(event);
    assembled ??= Promise.resolve().then(assemble);
    // What could not be made is made anew by the next event: a database may have been down.
    assembled.catch(() => {
      assembled = undefined;
    });
    const parts = await assembled;
    if ("records" in request) return workParts(request.records, parts, remainingMs);
    return answerRequest(request, parts, remainingMs);
  };
}

/** Does what is asked of a job, in the time there is. */
export async function answerRequest(
  request: ReconcilerRequest,
  parts: JobParts,
  remainingMs: () => number,
): Promise<ReconcilerAnswer> {
  const { job, repairer, store, repairs, objects, clock } = parts;
  const { by, withinMs = Number.POSITIVE_INFINITY } = request;
  switch (request.do) {
    case "run": {
      const done = await visit(parts, { remainingMs: remainingMs(), withinMs: request.withinMs });
      if (done.status === "held") return { did: "run", status: "held" };
      const { reportUrl } = done;
      return {
        did: "run",
        status: "ran",
        report: short(done.report),
        ...(reportUrl === undefined ? {} : { reportUrl }),
      };
    }
    case "plan": {
      const sides = { left: job.left.name, right: job.right.name };
      const plan = await makePlan(job.name, { sides, repairer, store, clock });
      const { url } = await keepPlan(objects, plan);
      const { id, items, left, totals } = plan;
      return { did: "plan", plan: id, items: items.length, left, totals, url };
    }
    case "apply": {
      const plan = await keptPlan(objects, job.name, request.plan);
      const applied = await applyPlan(plan, {
        job,
        repairer,
        repairs,
        by,
        byItself: false,
        clock,
        untilMs: clock.nowMs() + Math.min(withinMs, remainingMs()),
        from: request.from ?? 0,
        dryRun: request.dryRun ?? false,
        ...callMsOf(parts.settings),
      });
      return applyAnswer(applied, plan.items.length);
    }
    case "resume": {
      const { stopped } = await repairs.state(job.name);
      await repairs.resume(job.name, { atMs: clock.nowMs(), by });
      return { did: "resume", was: stopped };
    }
  }
}

function applyAnswer({ plan, results, next }: Applied, items: number): ReconcilerAnswer {
  const quiet: readonly ItemOutcome[] = ["repaired", "sent", "would", "done", "tell"];
  const told = results.filter(({ outcome }) => !quiet.includes(outcome)).slice(0, toldResults);
  return {
    did: "apply",
    plan,
    counts: countResults(results),
    told,
    items,
    ...(next === undefined ? {} : { next }),
  };
}

function callMsOf({ callMs }: ReconcilerSettings): { readonly callMs?: number } {
  return callMs === undefined ? {} : { callMs };
}

function short({ history: _h, audit: _a, unknown: _u, open, ...rest }: JobReport): ShortReport {
  const { some: _some, ...sums } = open;
  return { ...rest, open: sums };
}
