export { arithmetic, type PlanLine } from "./arithmetic.ts";
export { assumed } from "./assumptions.ts";
export type { Bill, BillItem, BillLine } from "./bill.ts";
export { billItems } from "./bill.ts";
export { type ConsumerWish, chooseConsumer } from "./choose-consumer.ts";
export { consumerDefaults, marginMs } from "./consumer-defaults.ts";
export type { Drain } from "./drain.ts";
export { drainBy, drainDefaults } from "./drain-by.ts";
export { type PlanFinding, planFindings } from "./findings.ts";
export { defaultKeepMs, minimumKeepMs, type Retentions } from "./ledger-window.ts";
export { limitRoom } from "./limit-room.ts";
export { checkLoad, type Load } from "./load.ts";
export { type LoadNote, loadNotes } from "./load-notes.ts";
export { loadRules } from "./load-rules.ts";
export type { OutagePlan } from "./outage.ts";
export { parseArrivals, parseBurst, parseSpan } from "./parse-load.ts";
export { type HorizonCheck, type LoadPlan, planLoad } from "./plan-load.ts";
export type { PlanRule } from "./plan-rule.ts";
export type { DrainBy, LimitSharer, PlannedConsumer, PlannedLimit } from "./planned-consumer.ts";
export { prices } from "./prices.ts";
export {
  longestRetryMs,
  planRetries,
  type RetryGoal,
  type RetryPlan,
  type RetryTerms,
  survivedMs,
} from "./retries.ts";
export { horizonRule, inFlightRule, splitRule } from "./room-rules.ts";
export { shownBytes, shownMs, shownNumber, shownUsd } from "./shown.ts";
export type { Throughput } from "./throughput.ts";
