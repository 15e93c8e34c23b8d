export { bucketOf, buckets } from "./bucket-of.ts";
export { addDigests, type Digest, emptyDigest, sameDigest } from "./digest.ts";
export { type DigestSum, digestOf, digestSum } from "./digest-sum.ts";
export type { Entry, FieldValue } from "./entry.ts";
export { entryHash, entryText } from "./entry-hash.ts";
export { hashWords, textOf, wordOf } from "./sum-words.ts";
