import type { Clock } from "./clock.ts";

/**
 * How long to wait before try number `attempt + 1`: exponential with full jitter, so that what failed together does
 * not come back together. Source: "Exponential backoff and jitter", AWS Architecture Blog.
 */
export function backoffMs(
  clock: Clock,
  attempt: number,
  { firstDelayMs, maxDelayMs }: { firstDelayMs: number; maxDelayMs: number },
): number {
  const ceiling = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(clock.random() * ceiling);
}
