import { SettingsError } from "../errors.ts";
import { type ReconcileJob, timesOf } from "./job.ts";

/**
 * Refuses a job whose numbers cannot be. Throws `SettingsError` (`reconcile-job`) that names the number, what it is and
 * what is allowed.
 */
export function checkJob(job: ReconcileJob): void {
  const { name, beginMs, lateAfterMs = 0 } = job;
  const { settleMs, spanMs, keepMs } = timesOf(job, 0);
  const refuse = (what: string, value: unknown, allowed: string) => {
    throw new SettingsError(
      "reconcile-job",
      `job ${JSON.stringify(name)}: ${what} is ${String(value)}; ${allowed}`,
    );
  };
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  if (typeof name !== "string" || name === "") refuse("its name", JSON.stringify(name), "a name is needed");
  if (!whole(beginMs, 0)) refuse("beginMs", beginMs, "whole milliseconds since the epoch are allowed");
  if (!whole(settleMs, 0)) refuse("settleMs", settleMs, "whole milliseconds, 0 or more, are allowed");
  if (!whole(spanMs, 1)) refuse("spanMs", spanMs, "whole milliseconds, 1 or more, are allowed");
  if (!(lateAfterMs >= 0)) refuse("lateAfterMs", lateAfterMs, "milliseconds, 0 or more, are allowed");
  // A span is compared once it has ended and settled; there must be time for that before its first record expires.
  const leastKeepMs = settleMs + 2 * spanMs;
  if (!(keepMs >= leastKeepMs)) {
    refuse(
      "keepMs",
      keepMs,
      `settleMs and two spans, ${leastKeepMs}, are the least: a span would expire before it is compared; take a shorter spanMs or settleMs`,
    );
  }
}
