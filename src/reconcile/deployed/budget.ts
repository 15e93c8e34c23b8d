/** The report is written in the last tenth of the time, within these bounds. */
const reportPart = 0.1;
const [leastReportMs, mostReportMs] = [2_000, 20_000];
/** Where repairs follow, comparing leaves this part of the rest to them. */
const repairPart = 0.3;

/** How the time of one invocation is divided, each by the moment when it has to be over. */
export interface Budget {
  readonly comparedByMs: number;
  readonly repairedByMs: number;
  /** When the invocation has to be over. */
  readonly endsMs: number;
}

/**
 * Divides what is left of an invocation.
 *
 * ```
 *  now ── look again, compare ──▶ comparedBy ── repair ──▶ repairedBy ── report ──▶ ends
 *         ≈ 63 % (90 % without repairs)         27 %                     10 %, 2 to 20 s
 * ```
 */
export function budgetOf({
  nowMs,
  remainingMs,
  withinMs = Number.POSITIVE_INFINITY,
  repairs,
}: {
  readonly nowMs: number;
  readonly remainingMs: number;
  readonly withinMs?: number | undefined;
  /** Whether repairs follow by themselves. */
  readonly repairs: boolean;
}): Budget {
  const allMs = Math.max(0, Math.min(remainingMs, withinMs));
  const reportMs = Math.min(mostReportMs, Math.max(leastReportMs, allMs * reportPart));
  const workMs = Math.max(0, allMs - reportMs);
  return {
    comparedByMs: Math.floor(nowMs + workMs * (repairs ? 1 - repairPart : 1)),
    repairedByMs: Math.floor(nowMs + workMs),
    endsMs: Math.floor(nowMs + allMs),
  };
}
