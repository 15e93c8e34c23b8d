import { emitMetrics, type LogLevel, logLine } from "../telemetry/index.ts";
import type { BatchRun } from "./batch-run.ts";
import type { Delivery } from "./delivery.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Writes one log line per outcome, without the event's data, and one line of metrics for the batch: all in one write,
 * since each write to standard output is a system call.
 */
export function report(deliveries: readonly Delivery[], run: BatchRun): void {
  const { settings, clock } = run;
  const timeMs = clock.nowMs();
  const lines: string[] = [];
  const sink = (line: string) => lines.push(line);
  const counts = { handled: 0, duplicate: 0, retry: 0, parked: 0, dead: 0 };
  const criticalMs: number[] = [];
  const handlerMs: number[] = [];
  for (const delivery of deliveries) {
    const { outcome, readable, started } = delivery;
    if (started && outcome) handlerMs.push(delivery.handlerMs);
    // What stays in its line was told of when it joined.
    if (!outcome || (outcome.kind === "parked" && delivery.record !== delivery.carrier)) continue;
    counts[outcome.kind]++;
    if (outcome.kind === "handled" && readable) criticalMs.push(sinceMs(readable.event.time, timeMs));
    logLine(levels[outcome.kind], fieldsOf(delivery, outcome, settings.consumer), { timeMs, sink });
  }
  emitMetrics({
    dimensions: { Bus: settings.bus, Consumer: settings.consumer },
    timeMs,
    values: {
      Handled: counts.handled,
      Duplicate: counts.duplicate,
      Retried: counts.retry,
      DeadLettered: counts.dead,
      ...(run.parkedStore ? { Parked: counts.parked } : {}),
      CriticalTimeMs: criticalMs,
      HandlerMs: handlerMs,
    },
    sink,
  });
  run.sink(lines.join("\n"));
}

/** Says which handlers did not stop in time, before the process is ended under them. */
export function logUnfinished(deliveries: Iterable<Delivery>, { settings, clock, sink }: BatchRun): void {
  for (const { readable, attempt } of deliveries) {
    if (!readable) continue;
    const { id, source, type } = readable.event;
    const about = { consumer: settings.consumer, id, source, type, attempt };
    const message =
      "the handler did not stop when its signal was aborted; the process ends, the event comes again";
    logLine("error", { message, ...about }, { timeMs: clock.nowMs(), sink });
  }
}

/** A publisher's clock may be ahead of ours: nothing takes less than no time. */
function sinceMs(time: string, nowMs: number): number {
  return Math.max(0, nowMs - Date.parse(time));
}

const levels: Record<Outcome["kind"], LogLevel> = {
  handled: "info",
  duplicate: "info",
  retry: "warn",
  parked: "warn",
  dead: "error",
};

function fieldsOf({ readable, record, attempt }: Delivery, outcome: Outcome, consumer: string) {
  const event = readable?.event;
  const failed = outcome.kind === "retry" || outcome.kind === "dead" ? outcome : undefined;
  return {
    consumer,
    outcome: outcome.kind,
    ...(event ? { id: event.id, source: event.source, type: event.type } : { messageId: record.messageId }),
    attempt,
    ...(failed ? { reason: failed.reason } : {}),
    ...(failed?.error ? { error: failed.error.name, message: failed.error.message } : {}),
    ...(outcome.kind === "retry" ? { delayMs: Math.round(outcome.delayMs) } : {}),
  };
}
