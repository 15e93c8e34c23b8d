import type { ClaimWriter } from "../claim-check/index.ts";
import { isShadow } from "../contract/index.ts";
import { describeError } from "../errors.ts";
import { ledgerKey } from "../ledger/index.ts";
import { logLine } from "../telemetry/index.ts";
import type { BatchRun } from "./batch-run.ts";
import { complete } from "./complete.ts";
import type { HandlerContext } from "./context.ts";
import type { Delivery, Readable } from "./delivery.ts";
import { createEmitter } from "./emitter.ts";
import { failRun } from "./fail-run.ts";
import { limitedCalls } from "./limited-calls.ts";
import { refuseUnrunResult } from "./refuse-unrun.ts";
import { returnShadow } from "./return-shadow.ts";
import { failedResult, runResult } from "./run-result.ts";
import { createWriter } from "./writer.ts";

/**
 * Step 5 for one event: runs the handler, and makes an outcome of whatever it does. The one place where users' own
 * exceptions are met. Resolves when the handler has returned, with the promise of its completion if there is one to
 * write. Neither rejects.
 *
 * A shadow run is as the first one was, in its ids and keys; what it would write and emit goes nowhere, and what it has come to stands in
 * the ledger: also that it threw, where that was its own doing.
 */
export async function handleEvent(
  delivery: Delivery,
  readable: Readable,
  run: BatchRun,
): Promise<{ readonly completion: Promise<void> | undefined }> {
  const { settings, clock, sink } = run;
  const { event, key } = readable;
  const startedMs = clock.nowMs();
  const shadow = isShadow(delivery.replayId);
  const emitter = createEmitter({
    cause: event,
    consumer: settings.consumer,
    declared: settings.emits,
    source: `/${settings.bus}/${settings.consumer}`,
    replayId: shadow ? undefined : delivery.replayId,
    timeMs: startedMs,
    delays: settings.delays === true,
    claims: shadow ? storingNothing(run.claimWriter) : run.claimWriter,
    clock,
  });
  const writer = createWriter(run.transactions, settings.consumer);
  const context: HandlerContext = {
    effectKey: shadow ? ledgerKey({ consumer: settings.consumer, source: event.source, id: event.id }) : key,
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
    const hash = run.transactions && runResult({ emits, delayed: emitter.delayed(), writes });
    const result = hash === undefined ? {} : { result: hash };
    if (shadow) return { completion: complete(delivery, readable, { ...nothing, ...result }, run) };
    // What has writes has ended when these are committed: their conditions may say that a dependency is down.
    if (writes.length === 0) run.breaker?.ended();
    return { completion: complete(delivery, readable, { emits, writes, ...result }, run) };
  } catch (thrown) {
    delivery.handlerMs = clock.nowMs() - startedMs;
    if (shadow) {
      if (returnShadow(thrown, delivery, run)) return { completion: undefined };
      const result = failedResult(describeError(thrown).name);
      return { completion: complete(delivery, readable, { ...nothing, result }, run) };
    }
    failRun(thrown, delivery, run);
    return { completion: undefined };
  } finally {
    run.running.end();
  }
}

/** What a shadow run leaves behind. */
const nothing = { emits: [], writes: [] } as const;

/** Takes data out of messages as ever, so that they are those of the run that counts. */
function storingNothing(writer: ClaimWriter | undefined): ClaimWriter | undefined {
  return writer && { ...writer, store: async () => {} };
}
