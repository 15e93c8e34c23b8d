import { assumed } from "./assumptions.ts";
import { marginMs } from "./consumer-defaults.ts";
import type { LimitPace } from "./limit-pace.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";

/** A run that stands by asks so often whether the one at work has ended. Milliseconds. */
const standbyMs = 2_000;

/**
 * Events a second of a consumer that is drained by schedule: its slowest limit, less what passes between two runs, or what
 * its handlers do side by side.
 */
export function drainedPace(
  { parallel, timeoutMs }: Pick<PlannedConsumer, "parallel" | "timeoutMs">,
  rate: LimitPace | undefined,
  { handlerMs, callsMs }: { readonly handlerMs: number; readonly callsMs: number },
): { readonly perSecond: number; readonly unlimitedPerSecond: number } {
  const unlimitedPerSecond = (parallel * 1_000) / (handlerMs + callsMs + assumed.turnMs);
  if (!rate) return { perSecond: unlimitedPerSecond, unlimitedPerSecond };
  // Starts that lie further apart than that are not touched by it.
  const lostMs = Math.max(0, marginMs(timeoutMs) + standbyMs - rate.spacingMs);
  const limited = rate.leftPerSecond * (1 - lostMs / timeoutMs);
  return { perSecond: Math.min(limited, unlimitedPerSecond), unlimitedPerSecond };
}
