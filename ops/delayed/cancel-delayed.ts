import type { Clock } from "../../src/clock.ts";
import { type DelayState, delayKeyOf, delayLimits } from "../../src/delay/index.ts";
import { delayScheduleName } from "../../src/names.ts";
import type { DelayedWorld } from "./list-delayed.ts";

/** What became of an event that was to be cancelled. */
export interface Cancelled {
  /** `cancelled`: it is never sent, also if it was cancelled before, or is not there yet. `sent`: it was too late. */
  readonly state: DelayState;
  /** Whether its schedule was there, and was taken away. */
  readonly unscheduled: boolean;
}

/**
 * Cancels a delayed event as a publisher does, by the one write that stands against its sending, and takes its schedule away, if
 * there is one. May be done again: it answers what stands. Throws when the decision could not be written.
 */
export async function cancelDelayed(
  { bus, kept, states, clock }: DelayedWorld & { readonly clock: Clock },
  event: { readonly source: string; readonly id: string },
): Promise<Cancelled> {
  const key = delayKeyOf(event);
  const state = await states.decide(key, "cancelled", clock.nowMs() + delayLimits.cancelledMs);
  // Not before: until it is decided nobody may take the one thing away that brings it.
  const unscheduled = state === "cancelled" && (await kept.remove(delayScheduleName(bus, key)));
  return { state, unscheduled };
}
