import type { Evidence } from "./judge.ts";
import type { Letter } from "./whom.ts";

/** A run's result, as `--json` prints it. */
export interface RecommenderResult {
  /** Different orders that the Java service has published. */
  readonly orders: number;
  /** Orders that the Python consumer has counted, read back from its table. */
  readonly handled: number;
  /** Duplicates that it says it has suppressed; orders published a second time. */
  readonly duplicates: number;
  readonly sentTwice: number;
  /** Python processes killed by SIGKILL. */
  readonly kills: number;
  /** Money of all customers, read back. */
  readonly cents: number;
  /** Whether all that was read back is what the file adds up to, and enough was killed and sent twice. */
  readonly pass: boolean;
  /** What does not agree. */
  readonly findings: readonly string[];
  readonly customers: number;
  /** From the first order until nothing was left. */
  readonly seconds: number;
  readonly memoryMb: number;
  /** Whom to write to next. */
  readonly letters: readonly Letter[];
}

/** Puts together what was found. */
export function makeResult({
  evidence: { published, readings, suppressed, kills },
  findings,
  elapsedMs,
  memoryMb,
  letters,
}: {
  readonly evidence: Evidence;
  readonly findings: readonly string[];
  readonly elapsedMs: number;
  readonly memoryMb: number;
  readonly letters: readonly Letter[];
}): RecommenderResult {
  return {
    orders: published.orders,
    handled: readings.handled,
    duplicates: suppressed,
    sentTwice: published.duplicates,
    kills,
    cents: readings.cents,
    pass: findings.length === 0,
    findings,
    customers: readings.customers,
    seconds: Math.round(elapsedMs / 100) / 10,
    memoryMb: Math.round(memoryMb),
    letters,
  };
}
