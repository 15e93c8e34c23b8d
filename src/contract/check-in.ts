import { hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import { claimAttributes } from "./claim.ts";
import type { WireMessage } from "./envelope.ts";
import { wireText } from "./wire-text.ts";

/** A sealed message without its data, and the data that must lie at the reference before the message is sent. */
export interface CheckedIn {
  readonly message: WireMessage;
  /** Canonical JSON in UTF-8. */
  readonly data: Buffer;
}

/**
 * Takes the data out of a sealed message: `refOf` says, by its hash, where it will lie. The same message gives the same bytes,
 * and the same identity.
 */
export function checkIn(message: WireMessage, refOf: (hash: string) => string): CheckedIn {
  const { data: value, ...head } = JSON.parse(message.body) as Record<string, unknown>;
  const data = Buffer.from(canonicalJson(value));
  const dataHash = hash("sha256", data, "hex");
  const claim = { ref: refOf(dataHash), bytes: data.length, hash: dataHash };
  return { message: { ...message, body: wireText({ ...head, ...claimAttributes(claim) }) }, data };
}
