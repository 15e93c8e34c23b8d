import { type Clock, sleep } from "../../src/clock.ts";
import { describeError } from "../../src/errors.ts";
import { scheduler as limits } from "../../src/limits-of-aws.ts";
import { TargetError, type TargetPort } from "./ports.ts";
import { inputOf, type Run } from "./run-input.ts";

const pauses = { firstMs: 1_000, maxMs: 300_000 };

/**
 * Hands a run to its target, as often and as long as the schedule's policy says, with pauses that double; then to its
 * dead-letter queue. Answers what a person should know when it was not taken. Ends early, without an answer, when
 * `signal` does. (configuring-schedule-dlq)
 */
export async function deliver(
  run: Omit<Run, "attempt">,
  { targets, clock, signal }: { targets: TargetPort; clock: Clock; signal: AbortSignal },
): Promise<string | undefined> {
  const { target, name } = run.schedule;
  const { maximumRetryAttempts = limits.maxRetryAttempts, maximumEventAgeMs = limits.maxEventAgeMs } = target;
  const firstMs = clock.nowMs();
  for (let attempt = 1; ; attempt++) {
    const input = inputOf({ ...run, attempt });
    try {
      await targets.invoke(target, input);
      return undefined;
    } catch (error) {
      const pauseMs = Math.min(pauses.maxMs, pauses.firstMs * 2 ** Math.min(attempt - 1, 30));
      const isHopeless = error instanceof TargetError && !error.retryable;
      const isTooOften = attempt > maximumRetryAttempts;
      const isTooOld = clock.nowMs() + pauseMs - firstMs > maximumEventAgeMs;
      if (signal.aborted) return undefined;
      if (isHopeless || isTooOften || isTooOld) {
        const condition = isHopeless
          ? undefined
          : isTooOften
            ? "MaximumRetryAttempts"
            : "MaximumEventAgeInSeconds";
        const lost = await bury(run, { error, input, attempt, condition }, targets);
        return `schedule ${name}: its target ${target.arn} did not take it (${describeError(error).message})${lost}`;
      }
      await sleep(clock, pauseMs, signal);
      if (signal.aborted) return undefined;
    }
  }
}

async function bury(
  { schedule: { target }, arn, scheduledMs, executionId }: Omit<Run, "attempt">,
  {
    error,
    input,
    attempt,
    condition,
  }: {
    error: unknown;
    input: string;
    attempt: number;
    condition: string | undefined;
  },
  targets: TargetPort,
): Promise<string> {
  if (target.deadLetterArn === undefined) return "; it has no dead-letter queue, and the run is lost";
  const attributes = {
    ERROR_CODE: error instanceof TargetError ? error.code : "InternalFailure",
    ERROR_MESSAGE: describeError(error).message.slice(0, 1_024),
    EXECUTION_ID: executionId,
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: String(attempt - 1),
    SCHEDULED_TIME: new Date(scheduledMs).toISOString(),
    SCHEDULE_ARN: arn,
    TARGET_ARN: target.arn,
    ...(condition === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: condition }),
  };
  try {
    await targets.sendToQueue(target.deadLetterArn, input, { attributes });
    return "; it is in its dead-letter queue";
  } catch (failed) {
    return `; its dead-letter queue did not take it either (${describeError(failed).message})`;
  }
}
