import { assumed } from "./assumptions.ts";
import { type Bill, type BillLine, billOf } from "./bill.ts";
import { writesOfLimits, writesPerEvent } from "./ledger-writes.ts";
import type { Load } from "./load.ts";
import { type MonthlyUse, monthlyUse } from "./monthly-use.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";
import { monthSeconds, prices } from "./prices.ts";
import { shownBytes, shownMs, shownNumber, shownPrice } from "./shown.ts";

const million = 1_000_000;
const gb = 1_000_000_000;

/** What a month costs with Omnibus. Publishing and the archive are counted as if this consumer were the only one. */
export function monthlyBill(consumer: PlannedConsumer, load: Load): Bill {
  const use = monthlyUse(consumer, load, prices.sqs.requestBytes);
  const lines = [
    publishLine(consumer, load, use),
    queueLine(consumer, use),
    functionLine(consumer, use),
    ...ledgerLines(consumer, use),
    archiveLine(use),
    logsLine(use),
  ];
  return billOf(lines, use.events);
}

function publishLine({ fifo }: PlannedConsumer, load: Load, { events, bytes }: MonthlyUse): BillLine {
  if (fifo) {
    const { perMillionPublished, perGbPublished, perMillionDelivered, perGbDelivered } = prices.sns.fifo;
    return {
      item: "publish",
      how: `${shownNumber(events)} published to and delivered by an ordered topic, ${shownBytes(bytes)} each way`,
      usd:
        (events / million) * (perMillionPublished + perMillionDelivered) +
        (bytes / gb) * (perGbPublished + perGbDelivered),
    };
  }
  const together = load.publishedTogether ?? 1;
  const bytesTogether = together * (load.eventBytes ?? assumed.eventBytes);
  const requests = (events / together) * Math.ceil(bytesTogether / prices.sns.requestBytes);
  return {
    item: "publish",
    how: `${shownNumber(requests)} SNS requests × ${shownPrice(prices.sns.perMillionRequests)} a million, ${together === 1 ? "one event" : `${together} events`} each`,
    usd: (requests / million) * prices.sns.perMillionRequests,
  };
}

/** A queue costs the same whoever fills it. */
export function queueLine({ fifo }: PlannedConsumer, { queueRequests }: MonthlyUse): BillLine {
  const price = fifo ? prices.sqs.perMillionFifoRequests : prices.sqs.perMillionRequests;
  return {
    item: "queue",
    how: `${shownNumber(queueRequests)} SQS requests × ${shownPrice(price)} a million`,
    usd: (queueRequests / million) * price,
  };
}

/** A handler takes the same time whoever calls it. */
export function functionLine({ memoryMb }: PlannedConsumer, use: MonthlyUse): BillLine {
  const { perMillionInvocations, perGbSecond } = prices.lambda;
  if (use.scheduledRuns > 0) {
    const perMillionRuns = perMillionInvocations + prices.scheduler.perMillionInvocations;
    return {
      item: "function",
      how: `${shownNumber(use.scheduledRuns)} runs of its schedule, ${shownMs(use.batchMs)} with ${shownNumber(use.eventsPerBatch)} ${use.eventsPerBatch === 1 ? "event" : "events"}, ${memoryMb} MB: ${shownNumber(use.gbSeconds)} GB-s`,
      usd: (use.scheduledRuns / million) * perMillionRuns + use.gbSeconds * perGbSecond,
    };
  }
  return {
    item: "function",
    how: `${shownNumber(use.invocations)} invocations of ${shownNumber(use.eventsPerBatch)} ${use.eventsPerBatch === 1 ? "event" : "events"} and ${shownMs(use.batchMs)}, ${memoryMb} MB: ${shownNumber(use.gbSeconds)} GB-s`,
    usd: (use.invocations / million) * perMillionInvocations + use.gbSeconds * perGbSecond,
  };
}

function ledgerLines(consumer: PlannedConsumer, { events, eventsPerBatch }: MonthlyUse): readonly BillLine[] {
  const { mode, keepMs, limits } = consumer;
  const { perMillionWriteUnits, perGbMonth, backupPerGbMonth } = prices.dynamodb;
  const writes = events * writesPerEvent(mode);
  const ofLimits = (events / eventsPerBatch) * writesOfLimits(limits.length);
  const kept = mode === "none" ? 0 : (events / monthSeconds) * (keepMs / 1_000) * assumed.ledgerItemBytes;
  return [
    {
      item: "ledger",
      how: `mode ${mode}: ${writesPerEvent(mode)} write units an event${ofLimits > 0 ? `, ${shownNumber(ofLimits)} of limits` : ""}, × ${shownPrice(perMillionWriteUnits)} a million`,
      usd: ((writes + ofLimits) / million) * perMillionWriteUnits,
    },
    {
      item: "ledger storage",
      how: `${shownBytes(kept)} in the ledger (${shownMs(keepMs)} × ${assumed.ledgerItemBytes} bytes), with backups`,
      usd: (kept / gb) * (perGbMonth + backupPerGbMonth),
    },
  ];
}

function archiveLine({ events, bytes }: MonthlyUse): BillLine {
  const requests = events * 1.2;
  const puts = Math.max(events / assumed.archiveLines, (monthSeconds * 1_000) / assumed.archiveEveryMs);
  const kept = bytes * assumed.archivedShare;
  return {
    item: "archive",
    how: `${shownNumber(requests)} SQS requests, ${shownNumber(puts)} objects, ${shownBytes(kept)} more each month`,
    usd:
      (requests / million) * prices.sqs.perMillionRequests +
      (puts / 1_000) * prices.s3.perThousandPuts +
      (kept / gb) * prices.s3.perGbMonth,
  };
}

function logsLine({ events }: MonthlyUse): BillLine {
  const { perGbLogs, perMetricMonth } = prices.cloudwatch;
  const bytes = events * assumed.logBytes;
  return {
    item: "logs and metrics",
    how: `${shownBytes(bytes)}, a line of ${assumed.logBytes} bytes for each outcome, and ${assumed.metrics} metrics`,
    usd: (bytes / gb) * perGbLogs + assumed.metrics * perMetricMonth,
  };
}
