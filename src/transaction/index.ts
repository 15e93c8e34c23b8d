export { toWire } from "./binary-values.ts";
export { type Committed, commit } from "./commit.ts";
export type { DynamoCalls } from "./dynamo-call.ts";
export { dynamoTransactions } from "./dynamo-transactions.ts";
export { type InMemoryTables, inMemoryTables } from "./in-memory-tables.ts";
export { inMemoryTransactions } from "./in-memory-transactions.ts";
export type {
  ClaimState,
  CommitAnswer,
  CommitAttempt,
  CommitRequest,
  Item,
  ItemAddress,
  TransactionStore,
  Write,
} from "./ports.ts";
export { refuseOverwrites } from "./refuse-overwrites.ts";
export { isWrite, refuseWrites } from "./refuse-writes.ts";
export { sdkCalls } from "./sdk-calls.ts";
export { wireCalls } from "./wire-calls.ts";
