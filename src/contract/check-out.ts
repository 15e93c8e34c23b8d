import { hash } from "node:crypto";
import { checkJson } from "./check-json.ts";
import { claimOf } from "./claim.ts";
import { dataHash } from "./data-hash.ts";
import type { Decoded, Envelope, RejectionCode } from "./envelope.ts";
import { fieldPath } from "./field-path.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Puts the data that a claim names back into its envelope, which then is as if it had come with it: `found` is what lies at
 * the reference. Rejected as `claim-tampered` where that is not what was checked in, and as data in a message would be.
 * Never throws.
 */
export function checkOut(envelope: Envelope, found: Uint8Array): Decoded {
  const claim = claimOf(envelope);
  if (!claim) return { ok: true, envelope };
  if (found.length !== claim.bytes) {
    return tampered(`${claim.ref} has ${found.length} bytes or more, and ${claim.bytes} were checked in`);
  }
  if (hash("sha256", found, "hex") !== claim.hash) {
    return tampered(`${claim.ref} does not have the SHA-256 ${claim.hash} that was checked in`);
  }
  let data: unknown;
  try {
    data = JSON.parse(utf8.decode(found));
  } catch {
    return reject("bad-json", "data", `what lies at ${claim.ref} is not JSON in UTF-8`);
  }
  // The envelope is the first level, as in a message.
  const unsafe = checkJson({ data }, "half of a surrogate pair stands alone; text must be Unicode");
  if (unsafe) return reject(unsafe.code, fieldPath(unsafe.path), unsafe.message);
  if (dataHash(data) !== claim.hash) {
    return tampered(`${claim.ref} does not hold canonical JSON (RFC 8785)`);
  }
  const { dataref: _ref, ...rest } = envelope;
  const { datarefbytes: _bytes, datarefhash: _hash, ...head } = rest as Record<string, unknown>;
  return { ok: true, envelope: { ...head, data } as unknown as Envelope };
}

function tampered(message: string): Decoded {
  return reject("claim-tampered", "dataref", message);
}

function reject(code: RejectionCode, field: string, message: string): Decoded {
  return { ok: false, rejection: { code, field, message } };
}
