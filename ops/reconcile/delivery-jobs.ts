import type { DeliverySettings, ReconcilerSettings } from "../../src/env.ts";
import { deliveryJobSettings, type KnownConsumers } from "../../src/reconcile/index.ts";

/**
 * The jobs of a bus's reconciliation of delivery: one for each consumer that it has come to know. Those that are gone, or of
 * whom nothing is known that they could be judged by, have none.
 */
export async function deliveryJobs(
  settings: DeliverySettings,
  known: Pick<KnownConsumers, "list">,
): Promise<readonly ReconcilerSettings[]> {
  const all = await known.list();
  return all
    .filter((one) => !one.known.isGone && one.known.mode !== "none" && one.known.versions.length > 0)
    .map((one) => deliveryJobSettings(settings, one.known));
}
