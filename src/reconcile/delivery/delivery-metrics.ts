import { deliveryJob } from "../../names.ts";
import { emitMetrics, logLine, type Sink } from "../../telemetry/index.ts";
import type { JobReport } from "../report/job-report.ts";
import type { DeliveryReport } from "./delivery-report.ts";

/**
 * Writes the metrics of a run over all consumers, as those of one job, `delivery`: so that one set of alarms watches consumers
 * that nobody knew of when it was deployed. And one log line for each consumer that somebody should look at.
 */
export function deliveryMetrics(report: DeliveryReport, reports: readonly JobReport[], sink: Sink): void {
  const { bus, at, tookMs, consumers } = report;
  const timeMs = Date.parse(at) + tookMs;
  const sum = (of: (one: JobReport) => number) => reports.reduce((all, one) => all + of(one), 0);
  const lines: string[] = [];
  const keep: Sink = (line) => lines.push(line);
  for (const { consumer, verdict, why, unsubscribed = [] } of consumers) {
    const isOdd = verdict === "failed" || verdict === "not judged" || unsubscribed.length > 0;
    if (!isOdd) continue;
    const fields = {
      consumer,
      verdict,
      ...(why === undefined ? {} : { why }),
      ...(unsubscribed.length > 0 ? { unsubscribed: unsubscribed.join() } : {}),
    };
    const level = verdict === "failed" ? "error" : "warn";
    logLine(level, { message: "delivery needs somebody to look", ...fields }, { timeMs, sink: keep });
  }
  const failed = consumers.filter(({ verdict }) => verdict === "failed").length;
  const oldest = reports.flatMap(({ open }) => (open.oldest === undefined ? [] : [Date.parse(open.oldest)]));
  emitMetrics({
    dimensions: { Bus: bus, Job: deliveryJob },
    timeMs,
    values: {
      ReconcileRuns: 1,
      OpenDifferences: sum(({ open }) => open.differences),
      DifferencesFound: sum(({ found }) => found),
      DifferencesResolved: sum(({ resolved }) => resolved),
      DifferencesRepaired: sum(({ repaired }) => repaired),
      // Whose job failed is not known at all.
      UnknownSpans: sum(({ unknownSpans }) => unknownSpans) + failed,
      OldestOpenMs: oldest.length === 0 ? 0 : timeMs - Math.min(...oldest),
      BoundHeld: reports.every(({ bound }) => bound.held) && failed === 0 ? 1 : 0,
      RepairStopped: reports.some(({ repair }) => repair.status === "stopped") ? 1 : 0,
    },
    sink: keep,
  });
  sink(lines.join("\n"));
}
