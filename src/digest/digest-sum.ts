import type { Digest } from "./digest.ts";
import { textOf, wordOf } from "./sum-words.ts";

/** A digest in the making: entries come one by one. */
export interface DigestSum {
  /** Adds one entry's hash. */
  add(hash: string): void;
  /** What was added so far. */
  digest(): Digest;
}

/** Makes a `DigestSum` of nothing; it takes the same few bytes whatever is added. */
export function digestSum(): DigestSum {
  const words = new Uint32Array(4);
  let count = 0;
  return {
    add(hash) {
      count++;
      for (let word = 0; word < 4; word++) words[word] = (words[word] as number) + wordOf(hash, word);
    },
    digest: () => ({ count, sum: textOf(words) }),
  };
}

/** The digest of a set whose entries have these hashes. */
export function digestOf(hashes: Iterable<string>): Digest {
  const sum = digestSum();
  for (const hash of hashes) sum.add(hash);
  return sum.digest();
}
