import type { BatchRun } from "./batch-run.ts";
import { endClaim } from "./complete.ts";
import { sendDeadLetters } from "./dead-letters.ts";
import type { Delivery } from "./delivery.ts";

/**
 * Ends every claim whose outcome is known: dead ones are copied to the dead-letter queue first, the others are given
 * back. Then waits until all completions and emitted events are written. May be called several times in a batch;
 * a claim is ended once.
 */
export async function settle(deliveries: readonly Delivery[], run: BatchRun): Promise<void> {
  await sendDeadLetters(deliveries, run);
  for (const delivery of deliveries) {
    if (!delivery.claimed || !delivery.readable || delivery.outcome?.kind !== "retry") continue;
    if (!endsUnfinished.has(delivery.outcome.reason)) continue;
    delivery.claimed = false;
    const released = endClaim({ key: delivery.readable.key, to: "released", started: delivery.started }, run);
    // One that cannot be given back is free when its lease is over.
    run.pending.push(released.then(() => {}));
  }
  await flush(run);
}

/** Retries that leave a claim of ours open: all others have ended it, lost it, or never had it. */
const endsUnfinished = new Set<string>(["failed", "no-time", "group-stopped", "dead-letter-failed"]);

/**
 * Waits until all pending work is over. What it waits for goes through one of the three groups, so writing these
 * again and again, until nothing is pending, is all that it takes.
 */
export async function flush(run: BatchRun): Promise<void> {
  while (run.pending.length > 0) {
    let over = false;
    const work = Promise.all(run.pending.splice(0)).then(() => {
      over = true;
    });
    while (!over) {
      await Promise.all([run.endings.flush(), run.records.flush(), run.emits.flush()]);
    }
    await work;
  }
}
