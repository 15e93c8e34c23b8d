import { hash } from "node:crypto";

/** One more than the last bucket. */
export const buckets = 2 ** 32;

/** A key's bucket: the first 32 bits of SHA-256 of its UTF-8, spread evenly whatever keys look like. */
export function bucketOf(key: string): number {
  return Number.parseInt(hash("sha256", key, "hex").slice(0, 8), 16);
}
