import type { CommandGroup } from "../command.ts";
import { drillCrawler } from "./drill-crawler.ts";
import { drillDeadLetters } from "./drill-dead-letters.ts";
import { drillDelivery } from "./drill-delivery.ts";
import { drillExactlyOnce } from "./drill-exactly-once.ts";
import { drillFifo } from "./drill-fifo.ts";
import { drillFulfil } from "./drill-fulfil.ts";
import { drillOrders } from "./drill-orders.ts";
import { drillOutage } from "./drill-outage.ts";
import { drillOutbox } from "./drill-outbox.ts";
import { drillPaymentsPoints } from "./drill-payments-points.ts";
import { drillPeak } from "./drill-peak.ts";
import { drillRecommender } from "./drill-recommender.ts";
import { drillReplay } from "./drill-replay.ts";
import { drillTransfer } from "./drill-transfer.ts";

/** `bus drill <name>`: scenarios with a figure that passes or fails. */
export const drill: CommandGroup = {
  name: "drill",
  summary:
    "play a scenario that passes or fails by its figures: orders, recommender, crawler, peak, outage, dead-letters, fifo, outbox, transfer, payments-points, delivery, exactly-once, fulfil, replay",
  commands: [
    drillOrders,
    drillRecommender,
    drillCrawler,
    drillPeak,
    drillOutage,
    drillDeadLetters,
    drillFifo,
    drillOutbox,
    drillTransfer,
    drillPaymentsPoints,
    drillDelivery,
    drillExactlyOnce,
    drillFulfil,
    drillReplay,
  ],
};
