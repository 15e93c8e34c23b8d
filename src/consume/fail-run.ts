import { backoffMs } from "../backoff.ts";
import { claimDependency, DependencyDown, describeError, LimitError, PermanentError } from "../errors.ts";
import type { BatchRun } from "./batch-run.ts";
import { ClaimNotStored } from "./claim-not-stored.ts";
import type { Delivery } from "./delivery.ts";
import { NoSlotError } from "./limited-calls.ts";
import type { Outcome } from "./outcome.ts";
import { thrownAt } from "./thrown-at.ts";

/** Makes an outcome of what a run has failed with, which is anything that a handler throws, and tells the breaker. */
export function failRun(thrown: unknown, delivery: Delivery, run: BatchRun): void {
  delivery.outcome = outcomeOf(thrown, delivery, run);
  if (thrown instanceof DependencyDown) run.breaker?.failed(thrown.dependency, thrown.message);
  else if (thrown instanceof ClaimNotStored) run.breaker?.failed(claimDependency, thrown.message);
  else if (!(thrown instanceof LimitError)) run.breaker?.ended();
  // A start that was not to be had, and a partner that was not there, bring no event nearer to death.
  if (
    thrown instanceof DependencyDown ||
    thrown instanceof ClaimNotStored ||
    (thrown instanceof LimitError && thrown.retryable)
  ) {
    delivery.started = false;
  }
}

function outcomeOf(thrown: unknown, { attempt, receives }: Delivery, { settings, clock }: BatchRun): Outcome {
  const error = { ...describeError(thrown), at: thrownAt(thrown) };
  if (thrown instanceof PermanentError) return { kind: "dead", reason: thrown.code, error };
  if (thrown instanceof DependencyDown) {
    // By receives: attempts do not grow here.
    const delayMs = backoffMs(clock, receives, settings);
    return { kind: "retry", reason: "dependency-down", delayMs, error, dependency: thrown.dependency };
  }
  if (thrown instanceof ClaimNotStored) {
    const delayMs = backoffMs(clock, receives, settings);
    return { kind: "retry", reason: "claim-unavailable", delayMs, error, dependency: claimDependency };
  }
  if (thrown instanceof NoSlotError) {
    return { kind: "retry", reason: "no-slot", delayMs: Math.max(0, thrown.atMs - clock.nowMs()), error };
  }
  if (thrown instanceof LimitError && thrown.retryable) {
    return {
      kind: "retry",
      reason: "limits-unavailable",
      delayMs: backoffMs(clock, attempt, settings),
      error,
    };
  }
  if (attempt >= settings.attempts) return { kind: "dead", reason: "attempts-exhausted", error };
  return { kind: "retry", reason: "failed", delayMs: backoffMs(clock, attempt, settings), error };
}
