import type { ReconcilerSettings } from "../../env.ts";
import { knownToMs } from "../looks.ts";
import type { ReportBound } from "../report/job-report.ts";
import type { Progress } from "../state.ts";

/** Schedules are a little late, and runs take their time: so much of the interval, and a minute at least. */
const slackPart = 0.1;
const leastSlackMs = 60_000;

/**
 * Whether this run has reported every difference within the promised time: settle, one span and one interval after it
 * exists. It has when the run before was no longer ago than an interval, and when all that had settled was compared and is
 * known. A first run is judged by the latter alone.
 */
export function judgeBound(
  { settleMs, spanMs, everyMs }: Pick<ReconcilerSettings, "settleMs" | "spanMs" | "everyMs">,
  {
    before,
    after,
    atMs,
  }: {
    /** As they were before and after the run. */
    readonly before: Progress | undefined;
    readonly after: Progress | undefined;
    readonly atMs: number;
  },
): ReportBound {
  const boundMs = settleMs + spanMs + everyMs;
  const slackMs = Math.max(leastSlackMs, everyMs * slackPart);
  const behindMs = after === undefined ? Number.MAX_SAFE_INTEGER : atMs - knownToMs(after);
  const wasLate = before?.ranMs !== undefined && atMs - knownToMs(before) > boundMs + slackMs;
  return { boundMs, held: !wasLate && behindMs < settleMs + spanMs, behindMs };
}
