/**
 * What users test with, whatever their test runner: a bus in memory, a clock that stands still until told, and the
 * conformance suites of the ports, for adapters of their own.
 */

export type { HoldStore } from "../../src/breaker/index.ts";
export type { ConsumerQueues, Inbox } from "../../src/consume/index.ts";
export type { DelaySchedules, DelayStates, KeptSchedules } from "../../src/delay/index.ts";
export type { Leases } from "../../src/leases/index.ts";
export type { Ledger, LedgerReader } from "../../src/ledger/index.ts";
export type { LimitStore } from "../../src/limits/index.ts";
export type { OutboxStore } from "../../src/outbox/index.ts";
export type { ParkedStore } from "../../src/parking/index.ts";
export type { TopicPort } from "../../src/publish/index.ts";
export type {
  LedgerSource,
  PartQueue,
  ReconcileStore,
  RepairStore,
} from "../../src/reconcile/index.ts";
export type { ReplayStore } from "../../src/replay/index.ts";
export type { ObjectStore } from "../../src/segments/index.ts";
export type { TransactionStore } from "../../src/transaction/index.ts";
export type { QueuePort, StreamPort } from "../mapping/index.ts";
export type { ConformanceCheck } from "./conformance.ts";
export { createTestBus } from "./create-test-bus.ts";
export { delaySchedulesConformance, type SchedulesSubject } from "./delay-schedules-conformance.ts";
export { delayStatesConformance } from "./delay-states-conformance.ts";
export { holdsConformance } from "./holds-conformance.ts";
export { type InboxWorld, inboxConformance } from "./inbox-conformance.ts";
export { leasesConformance } from "./leases-conformance.ts";
export { ledgerConformance } from "./ledger-conformance.ts";
export { ledgerReaderConformance } from "./ledger-reader-conformance.ts";
export { limitsConformance } from "./limits-conformance.ts";
export { objectStoreConformance } from "./object-store-conformance.ts";
export { type OutboxSubject, outboxConformance } from "./outbox-conformance.ts";
export { parkedConformance } from "./parked-conformance.ts";
export { type PartQueueSubject, partQueueConformance } from "./part-queue-conformance.ts";
export { type QueueCheck, type QueueSubject, queueConformance } from "./queue-conformance.ts";
export { type QueuesWorld, queuesConformance } from "./queues-conformance.ts";
export { reconcileStoreConformance } from "./reconcile-store-conformance.ts";
export { repairStoreConformance } from "./repair-store-conformance.ts";
export { type ReplayQueueSubject, replayQueueConformance } from "./replay-queue-conformance.ts";
export { replaysConformance } from "./replays-conformance.ts";
export { type PythonTest, runPythonTest } from "./run-python-test.ts";
export { type SourceConformanceOptions, sourceConformance } from "./source-conformance.ts";
export { stageConsumers } from "./stage-consumers.ts";
export {
  type StreamCheck,
  type StreamedItem,
  type StreamSubject,
  streamConformance,
} from "./stream-conformance.ts";
export type { PublishedEvent, TestBus, TestBusOptions, WaitOptions } from "./test-bus.ts";
export type { TestConsumer } from "./test-consumer-props.ts";
export type { TestDeadLetter } from "./test-dead-letter.ts";
export { inboxOver } from "./test-inbox.ts";
export type { TestOutcome } from "./test-outcomes.ts";
export type { TestParkedGroup } from "./test-parked.ts";
export { deliver, queuesOver } from "./test-queues.ts";
export type { TestTable } from "./test-table.ts";
export { type Arrived, type TopicSubject, topicConformance } from "./topic-conformance.ts";
export { type TransactionWorld, transactionsConformance } from "./transactions-conformance.ts";
export { type VirtualClock, virtualClock } from "./virtual-clock.ts";
