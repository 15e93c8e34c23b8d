import { addDigests, type Digest, digestOf, type Entry, entryHash } from "../digest/index.ts";
import type { KeyDigest } from "./ports.ts";

/** Entries told key by key, in the order in which their keys come first. */
export function keysOf(entries: readonly Entry[], spanMs: number): readonly KeyDigest[] {
  const found = new Map<string, { readonly key: string; digest: Digest; readonly seenMs: number }>();
  for (const entry of entries) {
    const { key, timeMs } = entry;
    const digest = digestOf([entryHash(entry, spanMs)]);
    const known = found.get(key);
    if (known) known.digest = addDigests(known.digest, digest);
    else found.set(key, { key, digest, seenMs: timeMs });
  }
  return [...found.values()];
}
