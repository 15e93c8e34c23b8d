import { type Claim, checkOut, type Decoded, type Envelope, type RejectionCode } from "../contract/index.ts";
import { claimLimits } from "./claim-limits.ts";
import { readClaimRef } from "./claim-place.ts";
import type { ClaimStore } from "./ports.ts";

/** Where a consumer may look for claims. */
export interface ClaimSource {
  /** The one bucket that it may read: what an event names counts only if it is this. Absent: none. */
  readonly bucket: string | undefined;
  readonly store: ClaimStore;
  /** No bucket of claims keeps less: younger ones are missing, older ones may have expired. */
  readonly keptMs: number;
  readonly nowMs: () => number;
}

/**
 * An envelope with the data that its claim names. Rejected with a `claim-…` code when it points elsewhere, when nothing is
 * there, when it is too large or not what was checked in. Throws when the store does not answer: then nothing is known, and
 * it must be tried again.
 */
export async function readClaim(envelope: Envelope, claim: Claim, source: ClaimSource): Promise<Decoded> {
  const { bucket, store, keptMs, nowMs } = source;
  const place = readClaimRef(claim.ref);
  if (!place || place.bucket !== bucket) {
    const allowed =
      bucket === undefined ? "its bus has no claims" : `s3://${bucket}/claims/{day}/{hash}.json is`;
    return reject("claim-foreign", `${claim.ref.slice(0, 200)} is not read by this consumer; ${allowed}`);
  }
  if (claim.bytes > claimLimits.maxBytes) {
    return reject("claim-too-large", `${claim.bytes} bytes lie there; ${claimLimits.maxBytes} are allowed`);
  }
  // One byte more than there should be: enough to see that it is more.
  const found = await store.get(place.key, { offset: 0, length: claim.bytes + 1 });
  if (found) return checkOut(envelope, found.body);
  const oldest = nowMs() - keptMs;
  return place.dayMs < oldest
    ? reject(
        "claim-expired",
        `nothing lies at ${claim.ref} any more: it was written ${place.key.slice(7, 17)}`,
      )
    : reject(
        "claim-missing",
        `nothing lies at ${claim.ref}, which is too young to have expired: it was deleted, or never stored`,
      );
}

function reject(code: RejectionCode, message: string): Decoded {
  return { ok: false, rejection: { code, field: "dataref", message } };
}
