import { deliveryJob } from "../../names.ts";
import type { ObjectStore } from "../../segments/index.ts";
import type { JobReport } from "../report/job-report.ts";
import { reportKey } from "../report/keep-report.ts";

/**
 * How delivery stands for all consumers of a bus, after a run. `schema/delivery-report.schema.json` describes it; each judged
 * consumer has a report of its own besides.
 */
export interface DeliveryReport {
  readonly v: 1;
  readonly bus: string;
  readonly at: string;
  readonly tookMs: number;
  readonly consumers: readonly ConsumerDelivery[];
  /** Queues of the archive that hold messages for a person to look at, with their numbers. */
  readonly archiveAside: readonly string[];
}

/** One consumer in it. */
export interface ConsumerDelivery {
  readonly consumer: string;
  /**
   * - a report's verdict: what its own report says.
   * - `held`: another run has it. `not come to`: time was over. `failed`: its job failed, and `why` says how.
   * - `not judged`: `why` says why.
   */
  readonly verdict: JobReport["verdict"] | "held" | "not come to" | "failed" | "not judged";
  readonly why?: string;
  /** Everything before this was compared and is known. */
  readonly knownTo?: string;
  readonly open?: number;
  readonly found?: number;
  readonly resolved?: number;
  /** Events of which nobody can tell whether they were to be delivered, in what was compared now. */
  readonly grey?: number;
  /** Events that may come yet. */
  readonly onTheWay?: number;
  /** Topics that it was to be subscribed to, and is not. */
  readonly unsubscribed?: readonly string[];
  /** Queues that hold messages for a person to look at, with their numbers. */
  readonly aside?: readonly string[];
  /** Its own report. */
  readonly report?: string;
}

/** Where it is kept. */
export const deliveryReportKey = reportKey(deliveryJob, "latest.json");

/** Keeps it in the place of the one before, and answers where. */
export async function keepDeliveryReport(
  objects: ObjectStore,
  report: DeliveryReport,
): Promise<{ readonly url: string }> {
  await objects.put(deliveryReportKey, Buffer.from(`${JSON.stringify(report, undefined, 2)}\n`));
  return { url: objects.urlOf(deliveryReportKey) };
}
