import { textOf, wordOf } from "./sum-words.ts";

/**
 * How many entries, and the sum of their hashes: equal for equal sets, in whatever order. 32 hex characters: four sums
 * of 32 bits, each modulo 2³², so that any database can compute it.
 */
export interface Digest {
  readonly count: number;
  readonly sum: string;
}

/** Of nothing. */
export const emptyDigest: Digest = { count: 0, sum: "0".repeat(32) };

/** The digest of two sets that share no entry, from theirs. */
export function addDigests(left: Digest, right: Digest): Digest {
  const words = new Uint32Array(4);
  for (let word = 0; word < 4; word++) words[word] = wordOf(left.sum, word) + wordOf(right.sum, word);
  return { count: left.count + right.count, sum: textOf(words) };
}

export function sameDigest(left: Digest, right: Digest): boolean {
  return left.count === right.count && left.sum === right.sum;
}
