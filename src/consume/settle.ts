import type { BatchRun } from "./batch-run.ts";
import { endClaim } from "./complete.ts";
import { sendDeadLetters } from "./dead-letters.ts";
import type { Delivery } from "./delivery.ts";
import type { Outcome } from "./outcome.ts";
import { flush, pend } from "./pending.ts";

/**
 * Ends every claim whose outcome is known: dead ones are copied to the dead-letter queue first, then their groups are
 * parked, where the consumer parks; the others are given back. Then waits until all completions and emitted events are
 * written. May be called several times in a batch; a claim is ended once.
 */
export async function settle(deliveries: readonly Delivery[], run: BatchRun): Promise<void> {
  await run.groups.lineUp();
  await sendDeadLetters(deliveries, run);
  await run.groups.write();
  for (const delivery of deliveries) {
    if (!delivery.claimed || !delivery.readable || !isGivenBack(delivery.outcome)) continue;
    delivery.claimed = false;
    const released = endClaim({ key: delivery.readable.key, to: "released", started: delivery.started }, run);
    // One that cannot be given back is free when its lease is over.
    pend(
      released.then(() => {}),
      run,
    );
  }
  await flush(run);
}

function isGivenBack(outcome: Outcome | undefined): boolean {
  return outcome?.kind === "parked" || (outcome?.kind === "retry" && endsUnfinished.has(outcome.reason));
}

/** Retries that leave a claim of ours open: all others have ended it, lost it, or never had it. */
const endsUnfinished = new Set<string>([
  "failed",
  "conflict",
  "dependency-down",
  "claim-unavailable",
  "hold",
  "no-time",
  "no-slot",
  "limits-unavailable",
  "group-stopped",
  "dead-letter-failed",
  "packed-together",
  "parking-unavailable",
]);
