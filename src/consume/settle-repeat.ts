import { idReused } from "./claim-events.ts";
import type { Delivery } from "./delivery.ts";

/** An event that came twice in one batch shares the outcome of its first delivery; with other data it is dead. */
export function settleRepeat(delivery: Delivery): void {
  const { follows } = delivery;
  if (!follows || delivery.outcome) return;
  const sameData = delivery.readable?.hash === follows.readable?.hash;
  if (!sameData && isUnjudged(follows)) {
    // Which of the two the ledger knows is not known yet: both come again.
    delivery.outcome = follows.outcome;
  } else if (!sameData && follows.outcome?.kind === "dead" && follows.outcome.reason === "id-reused") {
    // Its first delivery was the impostor: next time it comes without it.
    delivery.outcome = { kind: "retry", reason: "held", delayMs: 0 };
  } else if (!sameData) {
    delivery.outcome = idReused(delivery);
  } else if (follows.outcome?.kind === "retry") {
    delivery.outcome = follows.outcome;
  } else if (follows.outcome) {
    delivery.outcome = { kind: "duplicate" };
  }
}

function isUnjudged({ outcome }: Delivery): boolean {
  return outcome?.kind === "retry" && outcome.reason === "ledger-unavailable";
}
