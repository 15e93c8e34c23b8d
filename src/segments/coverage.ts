/** A stretch of time, its ends included. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Answers which ranges hold a moment. Quick for moments that come in order, as lines do, however many ranges there are: the
 * answer is kept until the next range begins or ends.
 */
export function coverage<Range extends TimeRange>(
  ranges: readonly Range[],
): (timeMs: number) => readonly Range[] {
  /** Moments at which the answer changes: a range begins at one, and is over behind the other. */
  const turns = [...new Set(ranges.flatMap(({ fromMs, toMs }) => [fromMs, toMs + 1]))].sort((a, b) => a - b);
  let found: readonly Range[] = [];
  let validFromMs = Number.NaN;
  let validToMs = Number.NaN;
  return (timeMs) => {
    if (timeMs >= validFromMs && timeMs < validToMs) return found;
    const next = turns.findIndex((turn) => turn > timeMs);
    const last = next === -1 ? turns.length - 1 : next - 1;
    validFromMs = turns[last] ?? Number.NEGATIVE_INFINITY;
    validToMs = turns[last + 1] ?? Number.POSITIVE_INFINITY;
    found = ranges.filter((range) => range.fromMs <= timeMs && timeMs <= range.toMs);
    return found;
  };
}
