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
export { type CompareOptions, compare, type Finding } from "./compare.ts";
export { classify, type Difference, type DifferenceClass, type FieldDifference } from "./difference.ts";
export { dynamoReconcileStore } from "./dynamo-store.ts";
export { inMemoryReconcileStore } from "./in-memory-store.ts";
export { indexedEntries } from "./indexed-entries.ts";
export type { ReconcileJob, ReconcileReport } from "./job.ts";
export type { EntryPage, LedgerSource, Sealing, Window } from "./ports.ts";
export { LeaseLost, reconcile } from "./run.ts";
export { SourceFault } from "./source-fault.ts";
export type { ByteFile } from "./sources/byte-file.ts";
export type { DynamoItem, DynamoRead } from "./sources/dynamo-calls.ts";
export { type DynamoSource, type DynamoSourceOptions, dynamoSource } from "./sources/dynamo-source.ts";
export { type FileSourceOptions, fileSource } from "./sources/file-source.ts";
export type { SqlDatabase, SqlRow } from "./sources/sql-database.ts";
export { type SqlSourceOptions, sqlSource } from "./sources/sql-source.ts";
export type { SqlTable } from "./sources/sql-table.ts";
export { sqliteDatabase } from "./sources/sqlite-database.ts";
export type { Begun, OpenDifference, OpenPage, Progress, ReconcileStore, Span } from "./state.ts";
export { splitWindow, wholeSpan } from "./windows.ts";
