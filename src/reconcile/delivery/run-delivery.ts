import { describeError } from "../../errors.ts";
import { deliveryJobOf } from "../../names.ts";
import { visit } from "../deployed/visit.ts";
import type { JobReport } from "../report/job-report.ts";
import { consumerJob } from "./consumer-job.ts";
import { deliveryMetrics } from "./delivery-metrics.ts";
import type { Books, DeliveryParts } from "./delivery-parts.ts";
import { type ConsumerDelivery, type DeliveryReport, keepDeliveryReport } from "./delivery-report.ts";
import { deliveryTimes } from "./delivery-times.ts";
import { archiveBacklog } from "./queue-states.ts";
import { type SeenConsumer, viewBus } from "./view-bus.ts";

/** With less time than this no other consumer is begun. */
const leastMs = 10_000;
/** For the report over all. */
const reportMs = 3_000;
const goneToldMs = 7 * 86_400_000;

/**
 * Runs the jobs of all consumers of a bus, those first that ran longest ago, as far as there is time; writes the report over
 * all, and its metrics. One consumer's failure is no other one's.
 */
export async function runDelivery(
  parts: DeliveryParts,
  books: Books,
  remainingMs: () => number,
): Promise<{ readonly report: DeliveryReport; readonly reportUrl: string }> {
  const { settings, objects, known, clock, sink } = parts;
  const atMs = clock.nowMs();
  books.archive.refresh();
  books.journal.refresh();
  const busBeganMs = await known.beganMs(atMs);
  const [seen, archived] = await Promise.all([
    viewBus(settings, parts),
    archiveBacklog(parts, books, settings.spanMs),
  ]);
  const judged = await inTurn(
    seen.flatMap((one) => {
      const { known } = one;
      return known && whyNot(one, parts) === undefined ? [{ ...one, known }] : [];
    }),
    parts,
  );
  const done = new Map<string, ConsumerDelivery>();
  const reports: JobReport[] = [];
  for (const [index, { consumer, known: one, unsubscribed }] of judged.entries()) {
    const leftMs = remainingMs() - reportMs;
    if (leftMs < leastMs) {
      done.set(consumer, { consumer, verdict: "not come to", unsubscribed });
      continue;
    }
    try {
      const job = await consumerJob(parts, books, one, { busBeganMs, archived });
      // What one does not need the next ones have.
      const withinMs = Math.max(leastMs, Math.floor(leftMs / (judged.length - index)));
      const visited = await visit(job.parts, { remainingMs: leftMs, withinMs });
      if (visited.status === "held") {
        done.set(consumer, { consumer, verdict: "held", unsubscribed });
        continue;
      }
      const { report, reportUrl } = visited;
      const { grey, onTheWay, aside } = job.seen();
      reports.push(report);
      done.set(consumer, {
        consumer,
        verdict: report.verdict,
        knownTo: report.knownTo,
        open: report.open.differences,
        found: report.found,
        resolved: report.resolved,
        grey,
        onTheWay,
        unsubscribed,
        aside,
        ...(reportUrl === undefined ? {} : { report: reportUrl }),
      });
    } catch (thrown) {
      const { name, message } = describeError(thrown);
      done.set(consumer, { consumer, verdict: "failed", why: `${name}: ${message}`, unsubscribed });
    }
  }
  const consumers = seen.filter(isStillTold(atMs)).map(
    (one): ConsumerDelivery =>
      done.get(one.consumer) ?? {
        consumer: one.consumer,
        verdict: "not judged",
        why: whyNot(one, parts) ?? "nothing is known of it",
      },
  );
  const report: DeliveryReport = {
    v: 1,
    bus: settings.bus,
    at: new Date(atMs).toISOString(),
    tookMs: clock.nowMs() - atMs,
    consumers,
    archiveAside: archived.aside,
  };
  deliveryMetrics(report, reports, sink);
  const { url } = await keepDeliveryReport(objects, report);
  return { report, reportUrl: url };
}

/** Why a consumer is not judged; `undefined`: it is. */
export function whyNot({ known, why }: SeenConsumer, { settings }: DeliveryParts): string | undefined {
  if (why !== undefined) return why;
  if (!known || known.versions.length === 0) return "nothing is known of what it was to get";
  const { keepMs, settleMs, grainMs } = deliveryTimes(settings, known);
  if (keepMs >= settleMs + 2 * grainMs) return undefined;
  return `its records expire before they can be compared: ledger and archive keep them for ${known.keepMs} ms and ${settings.retentionMs ?? "ever"}, and ${settleMs} ms are under way`;
}

/** Who is gone is told of for a week. */
function isStillTold(atMs: number) {
  return ({ known }: SeenConsumer) => known?.isGone !== true || known.seenMs >= atMs - goneToldMs;
}

/** Those first that ran longest ago. */
async function inTurn<One extends SeenConsumer>(
  all: readonly One[],
  { store }: DeliveryParts,
): Promise<readonly One[]> {
  const remembered = await store.read(all.map(({ consumer }) => deliveryJobOf(consumer)));
  const ranMs = new Map(all.map((one, index) => [one, remembered[index]?.progress?.ranMs ?? 0]));
  return all.toSorted((one, other) => (ranMs.get(one) ?? 0) - (ranMs.get(other) ?? 0));
}
