import { hash } from "node:crypto";
import { canonicalJson } from "../contract/index.ts";
import type { Entry } from "./entry.ts";

/**
 * The hash of one entry: the first 128 bits of SHA-256 over its key, the number of its span (`timeMs / spanMs`, rounded
 * down) and the RFC 8785 JSON of its fields, each ended by a line feed; 32 hex characters.
 *
 * The span is in it because sums are blind to order: an entry that lies in another span on the other side would not
 * show in any window that holds both. The time itself is not, as two systems may write one thing down at two moments.
 *
 * Throws where there is no such text: a key or field with half of a surrogate pair, a number that is not finite.
 */
export function entryHash({ key, timeMs, fields }: Entry, spanMs: number): string {
  // Two such keys would have one text in UTF-8, and so one hash.
  if (!key.isWellFormed()) throw new TypeError(`the key ${JSON.stringify(key)} has half of a surrogate pair`);
  const text = entryText(key, Math.floor(timeMs / spanMs), canonicalJson(fields));
  return hash("sha256", text, "hex").slice(0, 32);
}

/** What `entryHash` hashes; `fields` as canonical JSON. */
export function entryText(key: string, span: number, fields: string): string {
  return `${key}\n${span}\n${fields}\n`;
}
