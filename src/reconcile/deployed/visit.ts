import { uuidv7 } from "../../clock.ts";
import { describeError } from "../../errors.ts";
import { logLine } from "../../telemetry/index.ts";
import { amountOf } from "../repair/amount-of.ts";
import { repairByItself } from "../repair/by-itself.ts";
import { countResults } from "../repair/item-outcome.ts";
import { writeAllDied } from "../repair/write-died.ts";
import { buildReport } from "../report/build-report.ts";
import type { JobReport, ReportRepair } from "../report/job-report.ts";
import { keepReport, pastRuns } from "../report/keep-report.ts";
import { surveyOpen } from "../report/survey-open.ts";
import { reconcile } from "../run.ts";
import { type Budget, budgetOf } from "./budget.ts";
import type { JobParts } from "./job-parts.ts";
import { judgeBound } from "./judge-bound.ts";
import { reportMetrics } from "./report-metrics.ts";

/** Open differences and repairs that a report tells one by one. */
const toldOpen = 100;
const toldAudit = 50;

/** What one visit to a job came to. */
export type Visit =
  | { readonly status: "held" }
  | { readonly status: "ran"; readonly report: JobReport; readonly reportUrl: string | undefined };

/**
 * One visit to a job: a run, repairs by itself as far as they are allowed, the report, the metrics; over in the time there
 * is. Where another has the job, nothing is done.
 */
export async function visit(
  parts: JobParts,
  { remainingMs, withinMs }: { readonly remainingMs: number; readonly withinMs?: number | undefined },
): Promise<Visit> {
  const { settings, job, repairer, store, repairs, objects, clock, sink } = parts;
  const budget = budgetOf({
    nowMs: clock.nowMs(),
    remainingMs,
    withinMs,
    repairs: settings.auto !== undefined,
  });
  const [before] = await store.read([job.name]);
  const run = await reconcile(job, {
    store,
    clock,
    parts: parts.parts,
    untilMs: budget.comparedByMs,
    // Whoever dies in the middle is not waited for longer than it could have lived.
    leaseMs: Math.max(1, budget.endsMs - clock.nowMs()),
  });
  if (run.verdict === "held") return { status: "held" };
  await writeAllDied({ job, repairs, clock, untilMs: budget.repairedByMs });
  const repair = await repairNow(parts, budget);
  const [after] = await store.read([job.name]);
  const survey = await surveyOpen(job.name, store, {
    most: toldOpen,
    amountOf: (difference) => amountOf(difference, repairer),
  });
  const { entries: audit } = await repairs.audit(job.name, { limit: toldAudit });
  const unknownMs = (after?.progress?.unknown ?? []).reduce((sum, span) => sum + span.toMs - span.fromMs, 0);
  const report = await buildReport({
    settings,
    sides: { left: job.left.name, right: job.right.name },
    run,
    survey,
    repairer,
    repair,
    bound: judgeBound(settings, {
      before: before?.progress,
      after: after?.progress,
      atMs: run.atMs,
    }),
    unknownSpans: Math.ceil(unknownMs / settings.spanMs),
    notes: parts.notes?.() ?? [],
    audit,
    past: await pastRuns(objects, job.name).catch(() => []),
    endMs: clock.nowMs(),
  });
  reportMetrics(report, sink, parts.isOneOfMany);
  try {
    const { url } = await keepReport(objects, report);
    return { status: "ran", report, reportUrl: url };
  } catch (thrown) {
    // The run stands: what it has found is in the table, and the next one writes a report, too.
    const { name, message } = describeError(thrown);
    const fields = { message: `the report could not be written (${name}: ${message})`, job: job.name };
    logLine("error", fields, { timeMs: clock.nowMs(), sink });
    return { status: "ran", report, reportUrl: undefined };
  }
}

/** Repairs what may be, and closes what is gone by that, so that the report shows it. */
async function repairNow(parts: JobParts, { repairedByMs, endsMs }: Budget): Promise<ReportRepair> {
  const { settings, job, repairer, store, repairs, clock } = parts;
  if (!settings.auto) return { status: "off" };
  const done = await repairByItself(job, settings.auto, {
    repairer,
    store,
    repairs,
    clock,
    untilMs: repairedByMs,
    ...(settings.callMs === undefined ? {} : { callMs: settings.callMs }),
  });
  if (done.status !== "applied") return done;
  const { results, stopped, next } = done.applied;
  const gone = results
    .filter(({ outcome }) => outcome === "repaired" || outcome === "gone")
    .map(({ key }) => key);
  if (gone.length > 0) {
    const owner = uuidv7(clock);
    // Somebody else may be at it already: then they find out.
    if ((await store.begin(job.name, owner, endsMs)).status === "ours") {
      await store.close(job.name, owner, gone);
      await store.end(job.name, owner);
    }
  }
  const counts = countResults(results);
  if (stopped) return { status: "stopped", message: stopped.message, counts };
  return { status: results.length === 0 && next !== undefined ? "left" : "applied", counts };
}
