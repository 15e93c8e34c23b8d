import { type ConsumerName, perConsumer } from "./consumers.ts";
import type { ControlTotals } from "./control.ts";
import type { Evidence } from "./judge.ts";
import type { Kept } from "./kept.ts";

/** A run's result, as `--json` prints it. */
export interface OrdersResult {
  /** Different orders published. */
  readonly published: number;
  /** Orders published a second time, and messages that are no events, beside them. */
  readonly duplicatesPublished: number;
  readonly poison: number;
  readonly consumers: Readonly<Record<ConsumerName, ConsumerResult>>;
  readonly control: ControlTotals;
  /** What was kept of the orders, and killed of those who keep it. */
  readonly archive: Kept & { readonly kills: number };
  /** Handler processes killed by SIGKILL. */
  readonly kills: number;
  /** Whether a separate process found every total to agree. */
  readonly agree: boolean;
  /** What does not agree. */
  readonly findings: readonly string[];
  /** From the start of the command to the first handled event. */
  readonly firstHandledMs: number | undefined;
  /** All messages to all consumers, over the time from the first publish until nothing was left. */
  readonly deliveriesPerSecond: number;
  readonly seconds: number;
  /** The most that all processes took together. */
  readonly memoryMb: number;
}

/** One consumer's part of the result. */
export interface ConsumerResult {
  /** Effects read back. */
  readonly handled: number;
  /** Duplicates that it says it has suppressed. */
  readonly duplicates: number;
  /** Dead letters read back, and how many died for which reason. */
  readonly deadLetters: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Sum of the effects read back. */
  readonly total: number;
}

/** Puts together what was found. */
export function makeResult({
  evidence,
  findings,
  firstHandledMs,
  elapsedMs,
  memoryMb,
}: {
  readonly evidence: Evidence;
  readonly findings: readonly string[];
  readonly firstHandledMs: number | undefined;
  readonly elapsedMs: number;
  readonly memoryMb: number;
}): OrdersResult {
  const { control, published, readings, kept, suppressed, kills, keeperKills } = evidence;
  const results = perConsumer(({ name }): ConsumerResult => {
    const { handled, total, deadLetters, reasons } = readings[name];
    return { handled, duplicates: suppressed[name], deadLetters, reasons, total };
  });
  const messages = published.orders + published.duplicates + published.poison;
  return {
    published: published.orders,
    duplicatesPublished: published.duplicates,
    poison: published.poison,
    consumers: results,
    archive: { ...kept, kills: keeperKills ?? 0 },
    control,
    kills: kills ?? 0,
    agree: findings.length === 0,
    findings,
    firstHandledMs: firstHandledMs === undefined ? undefined : Math.round(firstHandledMs),
    deliveriesPerSecond: Math.round(
      (messages * Object.keys(results).length * 1_000) / Math.max(1, elapsedMs),
    ),
    seconds: Math.round(elapsedMs / 100) / 10,
    memoryMb: Math.round(memoryMb),
  };
}
