import { type Clock, systemClock } from "../../src/clock.ts";
import type { ReconcilerSettings } from "../../src/env.ts";
import {
  type DifferenceClass,
  type JobReport,
  partsDone,
  reportKey,
  type Stopped,
  surveyOpen,
} from "../../src/reconcile/index.ts";
import type { JobCalls } from "./ports.ts";

/** How a job stands, by what is remembered of it and by its latest report. */
export interface JobStatus {
  readonly bus: string;
  readonly job: string;
  readonly everyMs: number;
  readonly settleMs: number;
  /**
   * - `never ran`, `running`, `late` (no run for two intervals).
   * - `agree`, `differ`, `unknown`, `unfinished`: as the report says, and what is open now.
   */
  readonly state: "never ran" | "running" | "late" | JobReport["verdict"];
  readonly comparedToMs: number | undefined;
  readonly ranMs: number | undefined;
  readonly heldUntilMs: number | undefined;
  readonly parts: { readonly done: number; readonly of: number } | undefined;
  readonly open: {
    readonly differences: number;
    readonly classes: Readonly<Partial<Record<DifferenceClass, number>>>;
    readonly oldestMs: number | undefined;
  };
  readonly unknownSpans: number;
  readonly stopped: Stopped | undefined;
  /** `undefined`: there is none, or it cannot be read. */
  readonly report: JobReport | undefined;
}

/** Looks how a job stands. Changes nothing, and does not call its function. */
export async function jobStatus(
  calls: JobCalls,
  settings: ReconcilerSettings,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): Promise<JobStatus> {
  const { bus, job, everyMs, settleMs, spanMs } = settings;
  const store = calls.store(bus);
  const nowMs = clock.nowMs();
  const [[remembered], survey, parts, { stopped }, report] = await Promise.all([
    store.read([job]),
    surveyOpen(job, store, { most: 1, amountOf: () => undefined }),
    partsDone(job, store, nowMs),
    calls.repairs(bus).state(job),
    latestReport(calls, settings),
  ]);
  const progress = remembered?.progress;
  const heldUntilMs = remembered?.heldUntilMs;
  const unknownMs = (progress?.unknown ?? []).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const unknownSpans = Math.ceil(unknownMs / spanMs);
  const { differences, classes, oldestMs } = survey;
  const isRunning = heldUntilMs !== undefined && heldUntilMs > nowMs;
  const isLate = progress?.ranMs !== undefined && nowMs - progress.ranMs > 2 * everyMs;
  const verdict =
    differences > 0
      ? "differ"
      : unknownSpans > 0
        ? "unknown"
        : parts || report?.unfinished
          ? "unfinished"
          : "agree";
  return {
    bus,
    job,
    everyMs,
    settleMs,
    state: isRunning ? "running" : progress?.ranMs === undefined ? "never ran" : isLate ? "late" : verdict,
    comparedToMs: progress?.comparedToMs,
    ranMs: progress?.ranMs,
    heldUntilMs: isRunning ? heldUntilMs : undefined,
    parts,
    open: { differences, classes, oldestMs },
    unknownSpans,
    stopped,
    report,
  };
}

/** A job's latest report, where there is one that this version can read. */
export async function latestReport(
  calls: Pick<JobCalls, "objects">,
  settings: ReconcilerSettings,
): Promise<JobReport | undefined> {
  try {
    const found = await calls.objects(settings).get(reportKey(settings.job, "latest.json"));
    const report = JSON.parse(found?.body.toString("utf8") ?? "null") as JobReport | null;
    return report?.v === 1 ? report : undefined;
  } catch {
    // Without a report the rest is still worth looking at.
    return undefined;
  }
}
