export { createOutbox, type OutboxOptions } from "./create-outbox.ts";
export type { Death } from "./death.ts";
export { defaultCalls } from "./default-calls.ts";
export type { DynamoCalls } from "./dynamo-calls.ts";
export { dynamoOutbox } from "./dynamo-outbox.ts";
export { type InMemoryOutbox, inMemoryOutbox } from "./in-memory-outbox.ts";
export type {
  FirstRows,
  Head,
  KeyStep,
  LineRow,
  LineStore,
  Mending,
  Parked,
  TakenKey,
} from "./line-ports.ts";
export type { AddOptions, Outbox, OutboxEntry } from "./outbox.ts";
export { type OutboxAddress, outboxTable } from "./outbox-table.ts";
export {
  allShards,
  deadPlace,
  type Order,
  type OutboxTable,
  outboxShards,
  type Place,
  rowPlace,
} from "./places.ts";
export type { DeadRow, OutboxStore } from "./ports.ts";
export { type RelayAnswer, type RelayHandler, type RelayParts, relay } from "./relay.ts";
export { type OutboxRow, placeOfRow, rowItem, type StoredRow } from "./row.ts";
export { rowWrites } from "./row-writes.ts";
export { sdkCalls } from "./sdk-calls.ts";
export type { StreamRecord } from "./stream-record.ts";
export { wireCalls } from "./wire-calls.ts";
