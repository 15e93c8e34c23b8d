export {
  addDigests,
  bucketOf,
  buckets,
  type Digest,
  digestOf,
  type Entry,
  emptyDigest,
  entryHash,
  type FieldValue,
  sameDigest,
} from "../digest/index.ts";
export { compare } from "./compare.ts";
export { comparePart, type PartOutcome } from "./compare-part.ts";
export type { CompareOptions, Finding } from "./comparison.ts";
export { type DeliveryAnswer, type DeliveryHandler, deliveryReconciler } from "./delivery/deliver.ts";
export type { DeliveryParts } from "./delivery/delivery-parts.ts";
export { type ConsumerDelivery, type DeliveryReport, deliveryReportKey } from "./delivery/delivery-report.ts";
export { deliveryJobSettings } from "./delivery/delivery-times.ts";
export { dynamoKnownConsumers } from "./delivery/dynamo-known.ts";
export { inMemoryKnownConsumers } from "./delivery/in-memory-known.ts";
export type { FilterVersion, KnownConsumer } from "./delivery/known-consumer.ts";
export type { KnownConsumers, QueueSender, SentMessage } from "./delivery/ports.ts";
export { sendAgain } from "./delivery/send-again.ts";
export { sentMessage } from "./delivery/sent-message.ts";
export { sqsSender } from "./delivery/sqs-sender.ts";
export {
  jobHandler,
  type ReconcilerAnswer,
  type ReconcilerHandler,
  type ShortReport,
} from "./deployed/job-handler.ts";
export type { JobParts } from "./deployed/job-parts.ts";
export { keepPlan, keptPlan, planKey } from "./deployed/kept-plans.ts";
export {
  deployedJob,
  type ReconcilerDefinition,
  type ReconcilerOptions,
  reconciler,
  type Side,
} from "./deployed/reconciler.ts";
export type { ReconcilerRequest } from "./deployed/request.ts";
export { sqsParts } from "./deployed/sqs-parts.ts";
export { classify, type Difference, type DifferenceClass, type FieldDifference } from "./difference.ts";
export { dynamoReconcileStore } from "./dynamo-store.ts";
export { LeaseLost } from "./holding.ts";
export { inMemoryParts } from "./in-memory-parts.ts";
export { inMemoryReconcileStore } from "./in-memory-store.ts";
export { indexedEntries } from "./indexed-entries.ts";
export type { ReconcileJob, ReconcileReport, TurnedUp } from "./job.ts";
export { type PartMessage, type PartQueue, partsDone } from "./parts.ts";
export type { EntryPage, KeyDigest, KeyPage, LedgerSource, Sealing, Window } from "./ports.ts";
export { type Applied, type ApplyOptions, applyPlan } from "./repair/apply-plan.ts";
export { type AutoRule, type ByItself, repairByItself } from "./repair/by-itself.ts";
export { describeDifference, type SideNames } from "./repair/describe-difference.ts";
export { dynamoRepairs } from "./repair/dynamo-repairs.ts";
export type { How, RepairContext, Repairer, Resend } from "./repair/how.ts";
export { inMemoryRepairs } from "./repair/in-memory-repairs.ts";
export { countResults, type ItemOutcome, type ItemResult } from "./repair/item-outcome.ts";
export { makePlan } from "./repair/make-plan.ts";
export {
  PlanError,
  type PlanItem,
  type PlanTotals,
  type RepairPlan,
  readPlan,
  shortIdLength,
} from "./repair/plan.ts";
export { planText } from "./repair/plan-text.ts";
export type {
  AuditEntry,
  AuditPage,
  Marked,
  Marker,
  RepairOutcome,
  RepairState,
  RepairStore,
  Stopped,
} from "./repair/repair-store.ts";
export { userRepairer } from "./repair/user-repairer.ts";
export type { JobReport, PastRun } from "./report/job-report.ts";
export { reportKey } from "./report/keep-report.ts";
export { reportPage } from "./report/page.ts";
export { surveyOpen } from "./report/survey-open.ts";
export { type ReconcileOptions, reconcile } from "./run.ts";
export { SourceFault } from "./source-fault.ts";
export type { ByteFile } from "./sources/byte-file.ts";
export type { DynamoItem, DynamoRead } from "./sources/dynamo-calls.ts";
export { type DynamoSource, type DynamoSourceOptions, dynamoSource } from "./sources/dynamo-source.ts";
export { type FileSourceOptions, fileSource } from "./sources/file-source.ts";
export { s3File } from "./sources/s3-file.ts";
export type { SqlDatabase, SqlRow } from "./sources/sql-database.ts";
export { type SqlSourceOptions, sqlSource } from "./sources/sql-source.ts";
export type { SqlTable } from "./sources/sql-table.ts";
export { sqliteDatabase } from "./sources/sqlite-database.ts";
export type {
  Begun,
  FanOut,
  Look,
  OpenDifference,
  OpenPage,
  PartProgress,
  Progress,
  ReconcileStore,
  Remembered,
  Span,
  UnknownSpan,
} from "./state.ts";
export { splitWindow, wholeSpan } from "./windows.ts";
