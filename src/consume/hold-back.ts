import { backoffMs } from "../backoff.ts";
import { lookMs } from "../breaker/index.ts";
import type { BatchRun } from "./batch-run.ts";
import type { Delivery } from "./delivery.ts";
import type { Outcome } from "./outcome.ts";

/** Twice as long as it takes to look again, before chance: SQS counts receives, and a mapping takes its time to close. */
const firstDelayMs = 2 * lookMs;

/**
 * Step 2: a consumer that is held runs nothing. All goes back: what could be read and what could not, unclaimed, and no
 * nearer to death.
 */
export function holdBack(deliveries: readonly Delivery[], run: BatchRun): void {
  for (const delivery of deliveries) delivery.outcome = heldBack(delivery, run);
}

/** Whether what has not started yet must not: a breaker may have opened since the batch began. */
export function heldNow({ probing, breaker }: BatchRun): boolean {
  return !probing && breaker?.held() !== undefined;
}

/** Goes back until the next look at least, then longer each time. */
export function heldBack({ receives }: Delivery, { breaker, clock, settings }: BatchRun): Outcome {
  const hold = breaker?.held();
  const delayMs = lookMs + backoffMs(clock, receives, { ...settings, firstDelayMs });
  return {
    kind: "retry",
    reason: "hold",
    delayMs,
    ...(hold ? { error: { name: hold.name, message: hold.why } } : {}),
  };
}
