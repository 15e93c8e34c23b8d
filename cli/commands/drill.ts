import type { CommandGroup } from "../command.ts";
import { drillCrawler } from "./drill-crawler.ts";
import { drillDeadLetters } from "./drill-dead-letters.ts";
import { drillFifo } from "./drill-fifo.ts";
import { drillOrders } from "./drill-orders.ts";
import { drillOutage } from "./drill-outage.ts";
import { drillPeak } from "./drill-peak.ts";
import { drillRecommender } from "./drill-recommender.ts";

/** `bus drill <name>`: scenarios with a figure that passes or fails. */
export const drill: CommandGroup = {
  name: "drill",
  summary:
    "play a scenario that passes or fails by its figures: orders, recommender, crawler, peak, outage, dead-letters, fifo",
  commands: [
    drillOrders,
    drillRecommender,
    drillCrawler,
    drillPeak,
    drillOutage,
    drillDeadLetters,
    drillFifo,
  ],
};
