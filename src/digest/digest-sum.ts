import type { Digest } from "./digest.ts";
import { hashWords, textOf, wordOf } from "./sum-words.ts";

/** A digest in the making: entries come one by one. */
export interface DigestSum {
  /** Adds one entry's hash. */
  add(hash: string): void;
  /** Adds one entry by the text that its hash is made of: `entryText`. */
  addText(text: string): void;
  /** What was added so far. */
  digest(): Digest;
}

/** Makes a `DigestSum` of nothing; it takes the same few bytes whatever is added. */
export function digestSum(): DigestSum {
  const words = new Uint32Array(4);
  const hashed = new Uint32Array(4);
  let count = 0;
  return {
    addText(text) {
      count++;
      hashWords(text, hashed);
      for (let word = 0; word < 4; word++) words[word] = (words[word] as number) + (hashed[word] as number);
    },
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
