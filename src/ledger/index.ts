export { completionWrite } from "./completion-write.ts";
export { defaultStatements } from "./default-statements.ts";
export { readItem as readLedgerItem } from "./dynamo-items.ts";
export { dynamoLedger } from "./dynamo-ledger.ts";
export { dynamoLedgerReader } from "./dynamo-reader.ts";
export { type InMemoryLedger, inMemoryLedger } from "./in-memory-ledger.ts";
export { itemVersion, type LedgerItem, type LedgerState } from "./item.ts";
export { ledgerKey } from "./ledger-key.ts";
export type { LedgerReader } from "./ledger-reader.ts";
export type {
  ClaimRequest,
  ClaimResult,
  ClaimTerms,
  Ending,
  EndResult,
  Ledger,
  LedgerEvent,
  RecordRequest,
  RecordResult,
} from "./ports.ts";
export { sdkStatements } from "./sdk-statements.ts";
export type { ExecuteStatements } from "./statement-port.ts";
export { wireStatements } from "./wire-statements.ts";
