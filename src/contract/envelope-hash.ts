import { claimOf } from "./claim.ts";
import { dataHash } from "./data-hash.ts";
import type { Envelope } from "./envelope.ts";

/** `dataHash` of an envelope's data, also where it lies elsewhere: nothing is read for that. Throws as `dataHash` does. */
export function envelopeHash(envelope: Envelope): string {
  return claimOf(envelope)?.hash ?? dataHash(envelope.data);
}
