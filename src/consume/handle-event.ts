import { backoffMs } from "../backoff.ts";
import { DependencyDown, describeError, LimitError, PermanentError } from "../errors.ts";
import { logLine } from "../telemetry/index.ts";
import type { BatchRun } from "./batch-run.ts";
import { complete } from "./complete.ts";
import type { HandlerContext } from "./context.ts";
import type { Delivery, Readable } from "./delivery.ts";
import { createEmitter } from "./emitter.ts";
import { limitedCalls, NoSlotError } from "./limited-calls.ts";
import type { Outcome } from "./outcome.ts";
import { refuseUnrunResult } from "./refuse-unrun.ts";

/**
 * Step 5 for one event: runs the handler, and makes an outcome of whatever it does. The one place where users' own
 * exceptions are met. Resolves when the handler has returned, with the promise of its completion if there is one to
 * write. Neither rejects.
 */
export async function handleEvent(
  delivery: Delivery,
  readable: Readable,
  run: BatchRun,
): Promise<{ readonly completion: Promise<void> | undefined }> {
  const { settings, clock, sink } = run;
  const { event, key } = readable;
  const startedMs = clock.nowMs();
  const emitter = createEmitter({
    cause: event,
    consumer: settings.consumer,
    declared: settings.emits,
    source: `/${settings.bus}/${settings.consumer}`,
    replayId: delivery.replayId,
    nowMs: startedMs,
  });
  const context: HandlerContext = {
    effectKey: key,
    attempt: delivery.attempt,
    signal: run.deadline.signal,
    remainingMs: run.deadline.remainingMs,
    emit: emitter.emit,
    limit: limitedCalls(readable, run),
    log: (message, fields) => {
      const about = { consumer: settings.consumer, type: event.type, id: event.id };
      logLine("info", { message, ...about, ...fields }, { timeMs: clock.nowMs(), sink });
    },
  };

  delivery.started = true;
  run.running.begin();
  try {
    refuseUnrunResult(await run.handler(event, context));
    const emits = await emitter.sealed();
    delivery.handlerMs = clock.nowMs() - startedMs;
    run.breaker?.ended();
    return { completion: complete(delivery, readable, emits, run) };
  } catch (thrown) {
    delivery.handlerMs = clock.nowMs() - startedMs;
    delivery.outcome = outcomeOf(thrown, delivery, run);
    if (thrown instanceof DependencyDown) run.breaker?.failed(thrown.dependency, thrown.message);
    else if (!(thrown instanceof LimitError)) run.breaker?.ended();
    // A start that was not to be had, and a partner that was not there, bring no event nearer to death.
    if (thrown instanceof DependencyDown || (thrown instanceof LimitError && thrown.retryable)) {
      delivery.started = false;
    }
    return { completion: undefined };
  } finally {
    run.running.end();
  }
}

function outcomeOf(thrown: unknown, { attempt, receives }: Delivery, { settings, clock }: BatchRun): Outcome {
  const error = describeError(thrown);
  if (thrown instanceof PermanentError) return { kind: "dead", reason: thrown.code, error };
  if (thrown instanceof DependencyDown) {
    // By receives: attempts do not grow here.
    const delayMs = backoffMs(clock, receives, settings);
    return { kind: "retry", reason: "dependency-down", delayMs, error, dependency: thrown.dependency };
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
