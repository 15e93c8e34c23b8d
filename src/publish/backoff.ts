import type { Clock } from "../clock.ts";

const firstDelayMs = 100;
const maxDelayMs = 5_000;

/**
 * How long to wait before the next try, after `attempts` of them: anything from nothing to 100 ms, 200 ms, 400 ms …
 * 5 s. The whole range is chance ("full jitter"), so that publishers that failed together do not come back together.
 */
export function backoffMs(attempts: number, clock: Clock): number {
  return clock.random() * Math.min(maxDelayMs, firstDelayMs * 2 ** (attempts - 1));
}
