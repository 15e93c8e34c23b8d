import { differenceClasses } from "../../env.ts";
import { emitMetrics, logLine, type Sink } from "../../telemetry/index.ts";
import type { JobReport } from "../report/job-report.ts";

/**
 * Writes a run's metrics, and one log line, which tells no entry's fields: all in one write. Where it is one of many jobs whose
 * metrics are written together, the log line alone: each metric of each job costs by the month.
 */
export function reportMetrics(report: JobReport, sink: Sink, isOneOfMany = false): void {
  const { job, open, found, resolved, repaired, unknownSpans, bound, verdict, tookMs, repair } = report;
  const timeMs = Date.parse(report.at) + tookMs;
  const lines: string[] = [];
  const keep: Sink = (line) => lines.push(line);
  logLine(
    verdict === "agree" || verdict === "unfinished" ? "info" : "warn",
    {
      message: "reconciled",
      job,
      verdict,
      open: open.differences,
      found,
      resolved,
      repaired,
      unknownSpans,
      boundHeld: bound.held,
      repair: repair.status,
      tookMs,
    },
    { timeMs, sink: keep },
  );
  if (!isOneOfMany) metricsOf(report, timeMs, keep);
  sink(lines.join("\n"));
}

function metricsOf(
  { bus, job, open, found, resolved, repaired, unknownSpans, bound, repair, history }: JobReport,
  timeMs: number,
  sink: Sink,
): void {
  emitMetrics({
    dimensions: { Bus: bus, Job: job },
    timeMs,
    values: {
      ReconcileRuns: 1,
      OpenDifferences: open.differences,
      DifferencesFound: found,
      DifferencesResolved: resolved,
      DifferencesRepaired: repaired,
      UnknownSpans: unknownSpans,
      OldestOpenMs: open.oldest === undefined ? 0 : timeMs - Date.parse(open.oldest),
      BoundHeld: bound.held ? 1 : 0,
      ...(repair.status === "off" ? {} : { RepairStopped: repair.status === "stopped" ? 1 : 0 }),
    },
    sink,
  });
  // A metric costs by the hour in which it is written: one of a class is, while something of it is open, and once after.
  const before = history.at(-2)?.open ?? {};
  for (const name of differenceClasses) {
    if (open.classes[name] === undefined && before[name] === undefined) continue;
    emitMetrics({
      dimensions: { Bus: bus, Job: job, Class: name },
      timeMs,
      values: { OpenDifferences: open.classes[name] ?? 0 },
      sink,
    });
  }
}
