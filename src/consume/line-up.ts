import type { Delivery } from "./delivery.ts";

/**
 * Puts what is known of one group's deliveries in order, where the consumer parks: behind the first dead one all wait for
 * it, and behind one that comes again all come again. So one of a group dies at a time, and nothing overtakes it.
 * Answers the dead one, if there is one.
 */
export function lineUp(lane: readonly Delivery[]): Delivery | undefined {
  let poison: Delivery | undefined;
  let stopped = false;
  for (const delivery of lane) {
    const { outcome, copied } = delivery;
    const waits = outcome?.kind === "parked" || (outcome?.kind === "dead" && !copied);
    if (stopped && waits) delivery.outcome = { kind: "retry", reason: "group-stopped", delayMs: 0 };
    else if (poison && waits) delivery.outcome = { kind: "parked" };
    else if (outcome?.kind === "dead") poison ??= delivery;
    stopped ||= outcome?.kind === "retry";
  }
  return poison;
}
