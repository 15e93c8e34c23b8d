import { type Clock, systemClock } from "../../src/clock.ts";
import { type DrillConsumer, perConsumer } from "./drill-consumer.ts";

/** What one consumer has said about its work so far. A killed handler may have died before it could say so. */
export interface Tally {
  handled: number;
  duplicates: number;
  retries: number;
  dead: number;
}

/** What the consumers' log lines add up to. */
export interface LogTally<Name extends string = string> {
  /** Takes one line of a function's log. */
  take(functionName: string, line: string): void;
  /** Counts per consumer. */
  readonly of: Readonly<Record<Name, Tally>>;
  /** When the first event was handled, in milliseconds since the epoch. */
  firstHandledAtMs(): number | undefined;
  /** The last lines that were neither metrics nor an ordinary outcome: what to look at when the run is stuck. */
  readonly complaints: readonly string[];
}

const keptComplaints = 10;

/**
 * Counts by the one metrics line per batch: parsing each outcome's line as well would cost more than the handlers.
 * Anything else a function prints is looked at only for a few marks.
 */
export function createTally<Name extends string>(
  consumers: readonly DrillConsumer<Name>[],
  clock: Clock = systemClock,
): LogTally<Name> {
  const names = new Map(consumers.map((consumer) => [consumer.functionName, consumer.name]));
  const of = perConsumer(consumers, (): Tally => ({ handled: 0, duplicates: 0, retries: 0, dead: 0 }));
  const complaints: string[] = [];
  let firstHandledAtMs: number | undefined;

  const complain = (functionName: string, line: string) => {
    complaints.push(`${functionName}: ${line.slice(0, 500)}`);
    if (complaints.length > keptComplaints) complaints.shift();
  };

  return {
    of,
    complaints,
    firstHandledAtMs: () => firstHandledAtMs,
    take(functionName, line) {
      const name = names.get(functionName);
      if (name === undefined) return;
      if (line.includes('"_aws"')) {
        const metrics = parseMetrics(line);
        const tally = of[name];
        tally.handled += metrics.Handled;
        tally.duplicates += metrics.Duplicate;
        tally.retries += metrics.Retried;
        tally.dead += metrics.DeadLettered;
      } else if (line.includes('"outcome":"handled"')) {
        firstHandledAtMs ??= clock.nowMs();
      } else if (!line.includes('"outcome":"duplicate"') && !line.includes('"outcome":"dead"')) {
        complain(functionName, line);
      }
    },
  };
}

type Metrics = Record<"Handled" | "Duplicate" | "Retried" | "DeadLettered", number>;

function parseMetrics(line: string): Metrics {
  let value: Partial<Record<string, unknown>> = {};
  try {
    value = JSON.parse(line);
  } catch {
    // A line cut off when its process was killed: what it counted will be counted again.
  }
  // One measurement is a number, several are an array.
  const sum = (name: keyof Metrics) =>
    [value[name]].flat().reduce((total: number, one) => total + (typeof one === "number" ? one : 0), 0);
  return {
    Handled: sum("Handled"),
    Duplicate: sum("Duplicate"),
    Retried: sum("Retried"),
    DeadLettered: sum("DeadLettered"),
  };
}
