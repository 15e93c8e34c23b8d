import type { ReconcilerSettings } from "../../env.ts";
import type { ReconcileReport } from "../job.ts";
import type { Repairer } from "../repair/how.ts";
import type { AuditEntry } from "../repair/repair-store.ts";
import type { JobReport, PastRun, ReportBound, ReportRepair } from "./job-report.ts";
import type { OpenSurvey } from "./survey-open.ts";

/** Unknown spans that are told one by one. */
const toldUnknown = 50;

/** All that a report is made of. */
export interface Findings {
  readonly settings: ReconcilerSettings;
  readonly sides: { readonly left: string; readonly right: string };
  readonly run: ReconcileReport;
  readonly survey: OpenSurvey;
  readonly repairer: Repairer;
  readonly repair: ReportRepair;
  readonly bound: ReportBound;
  readonly unknownSpans: number;
  readonly notes: readonly string[];
  readonly audit: readonly AuditEntry[];
  readonly past: readonly PastRun[];
  readonly endMs: number;
}

/** Puts a run's findings together as its report. */
export async function buildReport({
  settings,
  sides,
  run,
  survey,
  repairer,
  repair,
  bound,
  unknownSpans,
  notes,
  audit,
  past,
  endMs,
}: Findings): Promise<JobReport> {
  const { bus, job, everyMs, settleMs, spanMs } = settings;
  const { differences, amount, classes, oldestMs, some } = survey;
  const oldest = oldestMs === undefined ? {} : { oldest: isoOf(oldestMs) };
  const hows = some.length > 0 ? await repairer.how(some) : [];
  const repaired = repair.counts?.repaired ?? 0;
  const at = isoOf(run.atMs);
  const tookMs = endMs - run.atMs;
  const verdict = verdictOf(run, differences);
  const now: PastRun = {
    at,
    verdict,
    open: classes,
    ...oldest,
    found: run.found,
    resolved: run.resolved,
    repaired,
    unknownSpans,
    boundHeld: bound.held,
    tookMs,
  };
  return {
    v: 1,
    bus,
    job,
    at,
    tookMs,
    ...sides,
    everyMs,
    settleMs,
    spanMs,
    verdict,
    ...(run.compared && { compared: { from: isoOf(run.compared.fromMs), to: isoOf(run.compared.toMs) } }),
    knownTo: isoOf(run.knownToMs ?? 0),
    found: run.found,
    resolved: run.resolved,
    repaired,
    unfinished: run.unfinished,
    ...(run.parts && { parts: run.parts }),
    open: {
      differences,
      ...(amount === undefined ? {} : { amount }),
      classes,
      ...oldest,
      some: some.map((open, index) => ({ ...open, how: hows[index] ?? { do: "tell", look: "both sides" } })),
    },
    unknown: run.unknown.slice(0, toldUnknown).map(({ fromMs, toMs, source, message }) => ({
      from: isoOf(fromMs),
      to: isoOf(toMs),
      source,
      message,
    })),
    unknownSpans,
    ...(notes.length > 0 ? { notes } : {}),
    bound,
    repair,
    audit,
    history: [...past, now],
  };
}

/** The run's verdict, where repairs have not made another one of it since. */
function verdictOf(
  { verdict, unknown, unfinished }: ReconcileReport,
  differences: number,
): JobReport["verdict"] {
  if (differences > 0) return "differ";
  if (verdict === "unknown" || unknown.length > 0) return "unknown";
  return unfinished ? "unfinished" : "agree";
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
