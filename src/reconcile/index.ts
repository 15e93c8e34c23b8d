export { type CompareOptions, compare, type Finding } from "./compare.ts";
export { classify, type Difference, type DifferenceClass, type FieldDifference } from "./difference.ts";
export { addDigests, digestOf, emptyDigest, entryHash, sameDigest } from "./digest.ts";
export { indexedEntries } from "./indexed-entries.ts";
export type { Digest, Entry, EntryPage, FieldValue, LedgerSource, Window } from "./ports.ts";
export { SourceFault } from "./source-fault.ts";
export { bucketOf, buckets, wholeSpan } from "./windows.ts";
