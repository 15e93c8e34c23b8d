/** The wall clock's grain: a start that reads `t` milliseconds lies anywhere in [t, t + 1). */
const grainMs = 1;

/**
 * The distance between two slots of a rate, in microseconds.
 *
 * Of `count + 1` slots in a row, the first may start `latenessMs` late and be told by a clock that runs ahead, the
 * last on time by one that runs behind: they still lie a whole window apart, so no half-open window of `windowMs`,
 * at any position, holds more than `count` starts. Rounded up: rounding down would let one more in, once in a while.
 */
export function spacingMicros({
  count,
  windowMs,
  latenessMs,
  skewMs,
}: {
  readonly count: number;
  readonly windowMs: number;
  readonly latenessMs: number;
  readonly skewMs: number;
}): number {
  return Math.ceil(((windowMs + latenessMs + skewMs + grainMs) * 1_000) / count);
}

/**
 * Splits a count over `parts` items, so that a hot limit is not one hot item: whole numbers, each at least 1, whose sum
 * is the count. Rounding each part up would add up to more than was allowed.
 */
export function splitCount(count: number, parts: number): readonly number[] {
  const share = Math.floor(count / parts);
  const rest = count % parts;
  return Array.from({ length: parts }, (_, index) => share + (index < rest ? 1 : 0));
}
