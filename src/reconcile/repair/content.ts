import { hash } from "node:crypto";
import { canonicalJson } from "../../contract/index.ts";
import type { Entry } from "../../digest/index.ts";
import type { Difference } from "../difference.ts";
import { told } from "../told.ts";

/**
 * What a difference says, as 32 hex characters: its key, its class and the entries on both sides, as far as they are
 * written down. Two that have the same are the same difference, whenever they were seen.
 */
export function contentOf(difference: Difference): string {
  const { key, class: as, left, right } = told(difference);
  return short(canonicalJson({ key, class: as, left: inOrder(left), right: inOrder(right) }));
}

/** What a repair is known again by: the first 128 bits of SHA-256 over job and content, each ended by a line feed. */
export function effectKeyOf(job: string, content: string): string {
  return short(`${job}\n${content}\n`);
}

/** Sources list the entries of a key as they come. */
function inOrder(entries: readonly Entry[]): readonly string[] {
  return entries.map(({ timeMs, fields }) => canonicalJson({ timeMs, fields })).sort();
}

function short(text: string): string {
  return hash("sha256", text, "hex").slice(0, 32);
}
