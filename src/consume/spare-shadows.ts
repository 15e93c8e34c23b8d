import { isShadow } from "../contract/index.ts";
import type { BatchRun } from "./batch-run.ts";
import { endClaim } from "./complete.ts";
import type { Delivery } from "./delivery.ts";
import { pend } from "./pending.ts";

/**
 * Takes out of a batch what a replay has sent that shall have no effects, where it would have some: nothing of it becomes a dead letter or
 * parks its group, and nothing runs in a mode whose effects cannot be withheld. It is acknowledged, and has no result.
 */
export function spareShadows(deliveries: readonly Delivery[], run: BatchRun): void {
  for (const delivery of deliveries) {
    if (!isShadow(delivery.replayId)) continue;
    const { outcome, claimed, readable } = delivery;
    if (outcome?.kind !== "dead" && run.settings.mode === "transaction") continue;
    const reason = outcome?.kind === "dead" ? outcome.reason : "mode";
    if (claimed && readable) {
      delivery.claimed = false;
      const ended = endClaim({ key: readable.key, to: "dead", reason }, run);
      pend(
        ended.then(() => {}),
        run,
      );
    }
    delivery.outcome = { kind: "handled" };
  }
}
