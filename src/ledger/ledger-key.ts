import { hash } from "node:crypto";

/**
 * The ledger's key for one consumer and event: the first 128 bits of SHA-256 over consumer, source, id (and the
 * replay's id, when a replay runs events a second time on purpose), each ended by a line feed, as 32 hex
 * characters. Spread evenly, so that no partition runs hot, and easy to compute in any language.
 *
 * None of the parts can hold a line feed: contracts and decoding refuse control characters in them.
 */
export function ledgerKey(of: {
  consumer: string;
  source: string;
  id: string;
  replayId?: string | undefined;
}): string {
  const replay = of.replayId === undefined ? "" : `${of.replayId}\n`;
  return hash("sha256", `${of.consumer}\n${of.source}\n${of.id}\n${replay}`, "hex").slice(0, 32);
}
