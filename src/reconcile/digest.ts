import { hash } from "node:crypto";
import { canonicalJson } from "../contract/index.ts";
import type { Digest, Entry } from "./ports.ts";

/** Of nothing. */
export const emptyDigest: Digest = { count: 0, sum: "0".repeat(32) };

/**
 * The hash of one entry: the first 128 bits of SHA-256 over its key, the number of its span (`timeMs / spanMs`, rounded
 * down) and the RFC 8785 JSON of its fields, each ended by a line feed; 32 hex characters.
 *
 * The span is in it because sums are blind to order: an entry that lies in another span on the other side would not
 * show in any window that holds both. The time itself is not, as two systems may write one thing down at two moments.
 */
export function entryHash({ key, timeMs, fields }: Entry, spanMs: number): string {
  const text = `${key}\n${Math.floor(timeMs / spanMs)}\n${canonicalJson(fields)}\n`;
  return hash("sha256", text, "hex").slice(0, 32);
}

/** The digest of a set whose entries have these hashes. */
export function digestOf(hashes: Iterable<string>): Digest {
  const words = new Uint32Array(4);
  let count = 0;
  for (const hash of hashes) {
    count++;
    for (let word = 0; word < 4; word++) words[word] = (words[word] as number) + wordOf(hash, word);
  }
  return { count, sum: textOf(words) };
}

/** The digest of two sets that share no entry, from theirs. */
export function addDigests(left: Digest, right: Digest): Digest {
  const words = new Uint32Array(4);
  for (let word = 0; word < 4; word++) words[word] = wordOf(left.sum, word) + wordOf(right.sum, word);
  return { count: left.count + right.count, sum: textOf(words) };
}

export function sameDigest(left: Digest, right: Digest): boolean {
  return left.count === right.count && left.sum === right.sum;
}

/** The 32 bits of a hash or sum at one of its four places. */
export function wordOf(hash: string, word: number): number {
  return Number.parseInt(hash.slice(word * 8, word * 8 + 8), 16);
}

/** Four words as 32 hex characters. */
export function textOf(words: Uint32Array): string {
  let text = "";
  for (const word of words) text += word.toString(16).padStart(8, "0");
  return text;
}
