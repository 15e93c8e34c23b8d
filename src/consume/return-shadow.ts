import { backoffMs } from "../backoff.ts";
import { describeError, LimitError, PermanentError } from "../errors.ts";
import type { BatchRun } from "./batch-run.ts";
import type { Delivery } from "./delivery.ts";
import { failRun } from "./fail-run.ts";

/**
 * Sends a shadow run back that did not come to its end for no fault of its handler: a start that was not to be had, limits that did not
 * answer (no nearer to death, as with other runs), or an invocation whose time was over. No breaker hears of it. `false`: what was thrown is
 * what the run has come to; so is running out of time on its last attempt, since a shadow becomes no dead letter.
 */
export function returnShadow(thrown: unknown, delivery: Delivery, run: BatchRun): boolean {
  const { deadline, clock, settings } = run;
  if (thrown instanceof LimitError && thrown.retryable) {
    failRun(thrown, delivery, run);
    return true;
  }
  if (!deadline.signal.aborted || thrown instanceof PermanentError || delivery.attempt >= settings.attempts)
    return false;
  const delayMs = backoffMs(clock, delivery.attempt, settings);
  delivery.outcome = { kind: "retry", reason: "failed", delayMs, error: describeError(thrown) };
  return true;
}
