import { type DeliveryReport, deliveryReportKey } from "../../src/reconcile/index.ts";
import type { JobCalls } from "./ports.ts";

/** The latest report of each bus's reconciliation of delivery, over all of its consumers; of those that have one. */
export async function deliveryReports(
  calls: Pick<JobCalls, "deliveries" | "objects">,
  { bus }: { readonly bus?: string | undefined } = {},
): Promise<readonly DeliveryReport[]> {
  const all = (await calls.deliveries()).filter((one) => bus === undefined || one.bus === bus);
  const found = await Promise.all(
    all.map(async (one) => {
      const kept = await calls.objects(one).get(deliveryReportKey);
      const report = JSON.parse(kept?.body.toString("utf8") ?? "null") as Partial<DeliveryReport> | null;
      return report?.v === 1 ? [report as DeliveryReport] : [];
    }),
  );
  return found.flat();
}
