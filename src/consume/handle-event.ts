import { logLine } from "../telemetry/index.ts";
import type { BatchRun } from "./batch-run.ts";
import { complete } from "./complete.ts";
import type { HandlerContext } from "./context.ts";
import type { Delivery, Readable } from "./delivery.ts";
import { createEmitter } from "./emitter.ts";
import { failRun } from "./fail-run.ts";
import { limitedCalls } from "./limited-calls.ts";
import { refuseUnrunResult } from "./refuse-unrun.ts";
import { createWriter } from "./writer.ts";

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
    timeMs: startedMs,
    delays: settings.delays === true,
    claims: run.claimWriter,
    clock,
  });
  const writer = createWriter(run.transactions, settings.consumer);
  const context: HandlerContext = {
    effectKey: key,
    attempt: delivery.attempt,
    isLastAttempt: delivery.attempt >= settings.attempts,
    ageMs: startedMs - Date.parse(event.time),
    signal: run.deadline.signal,
    remainingMs: run.deadline.remainingMs,
    emit: emitter.emit,
    write: writer.write,
    read: writer.read,
    limit: limitedCalls(readable, run),
    log: (message, fields) => {
      const about = { consumer: settings.consumer, type: event.type, id: event.id };
      logLine("info", { message, ...about, ...fields }, { timeMs: clock.nowMs(), sink });
    },
  };

  delivery.started = true;
  run.running.begin();
  try {
    const returned = await run.handler(event, context);
    refuseUnrunResult(returned);
    const emits = await emitter.sealed();
    const writes = writer.sealed(returned, emits);
    delivery.handlerMs = clock.nowMs() - startedMs;
    // What has writes has ended when these are committed: their conditions may say that a dependency is down.
    if (writes.length === 0) run.breaker?.ended();
    return { completion: complete(delivery, readable, { emits, writes }, run) };
  } catch (thrown) {
    delivery.handlerMs = clock.nowMs() - startedMs;
    failRun(thrown, delivery, run);
    return { completion: undefined };
  } finally {
    run.running.end();
  }
}
