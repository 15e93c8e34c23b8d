import type { HandlerContext } from "../consume/index.ts";
import { DependencyDown, describeError, LimitError, PermanentError, StageRefused } from "../errors.ts";
import { maxReasonLength, type StageFailure } from "./revocation.ts";
import type { Stage } from "./stage.ts";

/** What ends the run, if this throw does; `undefined`: it is tried again. */
export function failureOf(
  thrown: unknown,
  stage: string,
  { isLastAttempt }: Pick<HandlerContext, "isLastAttempt">,
): StageFailure | undefined {
  const reason = describeError(thrown).message.slice(0, maxReasonLength);
  if (thrown instanceof StageRefused) return { stage, code: "refused", reason };
  if (thrown instanceof PermanentError) return { stage, code: "permanent", reason };
  // These do not count as attempts: the last one is still to come.
  if (thrown instanceof DependencyDown || (thrown instanceof LimitError && thrown.retryable))
    return undefined;
  return isLastAttempt ? { stage, code: "attempts-exhausted", reason } : undefined;
}

/** That the stage's time limit is over, if it is. */
export function lateness(
  { name, withinMs }: Stage,
  { ageMs }: Pick<HandlerContext, "ageMs">,
): StageFailure | undefined {
  if (withinMs === undefined || ageMs <= withinMs) return undefined;
  return {
    stage: name,
    code: "late",
    reason: `it was to start within ${withinMs} ms, and ${ageMs} ms were over`,
  };
}
