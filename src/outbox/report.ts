import type { Clock } from "../clock.ts";
import { emitMetrics, logLine, type Sink } from "../telemetry/index.ts";
import type { PassedLine } from "./pass-line.ts";
import type { PassedOn } from "./pass-on.ts";
import type { Swept } from "./sweep.ts";

interface ReportParts {
  readonly bus: string;
  readonly clock: Clock;
  readonly sink: Sink;
}

/** Writes down what became of rows: one metrics line, and one line for each that is dead, and for each reason to wait. */
export function reportPassed({ out, dead, waiting }: PassedOn, { bus, clock, sink }: ReportParts): void {
  const timeMs = clock.nowMs();
  emitMetrics({
    dimensions: { Bus: bus, Job: "relay" },
    timeMs,
    values: {
      OutboxSent: out.length,
      OutboxLagMs: out.map(({ lagMs }) => lagMs),
      ...(dead.length === 0 ? {} : { OutboxBuried: dead.length }),
    },
    sink,
  });
  for (const { row, death } of dead) {
    const event = row.status === "row" ? { id: row.message.id, type: row.message.type } : {};
    const place = `${row.place.partition} ${row.place.sort}`;
    logLine(
      "error",
      { outcome: "dead", ...event, place, reason: death.reason, error: death.message },
      { timeMs, sink },
    );
  }
  for (const [reason, rows] of Object.entries(Object.groupBy(waiting, (one) => one.reason))) {
    logLine("warn", { outcome: "waits", reason, rows: rows?.length ?? 0 }, { timeMs, sink });
  }
}

/** Writes down what became of lines: one metrics line, and one line for each key that was parked, or that stands. */
export function reportLines(lines: ReadonlyMap<string, PassedLine>, { bus, clock, sink }: ReportParts): void {
  const timeMs = clock.nowMs();
  const lagsMs = [...lines.values()].flatMap((line) => line.lagsMs);
  if (lagsMs.length > 0) {
    emitMetrics({
      dimensions: { Bus: bus, Job: "relay" },
      timeMs,
      values: { OutboxSent: lagsMs.length, OutboxLagMs: lagsMs },
      sink,
    });
  }
  for (const [key, { stands, reason, parked, isNew = false }] of lines) {
    if (isNew && parked) {
      const { sequence, reason: why, message } = parked;
      const fields = { outcome: "parked", key, sequence, reason: why, error: message };
      logLine("error", fields, { timeMs, sink });
    } else if (reason !== undefined) {
      logLine("warn", { outcome: stands === "gap" ? "gap" : "waits", key, reason }, { timeMs, sink });
    }
  }
}

/** Writes down what a sweep has sent, and what it has left. */
export function reportSweep({ passed, lines, oldestMs, dead, isWhole }: Swept, parts: ReportParts): void {
  for (const one of passed) reportPassed(one, parts);
  reportLines(lines, parts);
  const standing = (as: PassedLine["stands"]) =>
    [...lines.values()].filter(({ stands }) => stands === as).length;
  const ordered = [...lines.values()].reduce((sum, { lagsMs }) => sum + lagsMs.length, 0);
  const { bus, clock, sink } = parts;
  emitMetrics({
    dimensions: { Bus: bus, Job: "relay" },
    timeMs: clock.nowMs(),
    values: {
      OutboxSweeps: 1,
      OutboxSwept: ordered + passed.reduce((sum, { out }) => sum + out.length, 0),
      OutboxOldestMs: oldestMs,
      // Of a part of the shards it would look as if there were fewer.
      ...(isWhole ? { OutboxDead: dead, OutboxParked: standing("parked"), OutboxGaps: standing("gap") } : {}),
    },
    sink,
  });
}
