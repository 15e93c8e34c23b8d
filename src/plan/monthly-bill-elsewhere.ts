import { type Bill, billOf } from "./bill.ts";
import type { Load } from "./load.ts";
import { functionLine, queueLine } from "./monthly-bill.ts";
import { monthlyUse } from "./monthly-use.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";
import { prices } from "./prices.ts";
import { shownBytes, shownNumber, shownPrice } from "./shown.ts";

/** What Powertools writes for an event: a put when it begins, an update when it is done. (utility idempotency) */
const writesOfPowertools = 2;
const million = 1_000_000;
const gb = 1_000_000_000;

/**
 * What a month of the same load costs with EventBridge for the bus and its archive, the same queue and function behind
 * a rule, and Powertools' idempotency in the handler, kept for its default hour. No logs and no metrics are counted:
 * both write none by themselves.
 */
export function monthlyBillElsewhere(consumer: PlannedConsumer, load: Load): Bill {
  const use = monthlyUse(consumer, load, prices.sqs.requestBytes);
  const { perMillionEvents, eventBytes, perGbArchived, perGbMonth } = prices.eventbridge;
  const counted = use.events * Math.ceil(use.bytes / use.events / eventBytes);
  const writes = use.events * writesOfPowertools;
  const lines = [
    {
      item: "publish",
      how: `${shownNumber(counted)} custom events × ${shownPrice(perMillionEvents)} a million`,
      usd: (counted / million) * perMillionEvents,
    },
    queueLine(consumer, use),
    functionLine(consumer, use),
    {
      item: "ledger",
      how: `idempotency of Powertools: ${writesOfPowertools} write units an event`,
      usd: (writes / million) * prices.dynamodb.perMillionWriteUnits,
    },
    { item: "ledger storage", how: "forgotten after an hour, its default", usd: 0 },
    {
      item: "archive",
      how: `${shownBytes(use.bytes)} × ${shownPrice(perGbArchived)} a GB, and kept`,
      usd: (use.bytes / gb) * (perGbArchived + perGbMonth),
    },
    { item: "logs and metrics", how: "none of its own", usd: 0 },
  ] as const;
  return billOf(lines, use.events);
}
