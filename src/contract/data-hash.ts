import { hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/**
 * SHA-256, in hex, of the data's canonical JSON in UTF-8: equal data, equal hash, in every language. Give it the
 * data as it is on the wire (`envelope.data`), not the schema's output. Throws as `canonicalJson` does.
 */
export function dataHash(data: unknown): string {
  return hash("sha256", canonicalJson(data), "hex");
}
