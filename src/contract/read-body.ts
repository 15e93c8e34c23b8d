import type { RejectionCode } from "./envelope.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A message body as well-formed text of at most `maxBytes` in UTF-8, or why it is none. */
export function readBody(
  body: string | Uint8Array,
  maxBytes: number,
): { ok: true; text: string } | { ok: false; code: RejectionCode; message: string } {
  if (typeof body === "string") {
    // No code unit takes more than 3 bytes, so most bodies need not be measured.
    const bytes = body.length * 3 <= maxBytes ? 0 : Buffer.byteLength(body);
    if (bytes > maxBytes) return tooLarge(bytes, maxBytes);
    if (body.isWellFormed()) return { ok: true, text: body };
    return { ok: false, code: "bad-encoding", message: "the message holds half of a surrogate pair" };
  }
  // Types do not bind whoever calls from JavaScript; and not instanceof, since bytes may come from another realm.
  if (!ArrayBuffer.isView(body)) {
    return { ok: false, code: "bad-encoding", message: `a message is text or bytes, not ${typeof body}` };
  }
  if (body.byteLength > maxBytes) return tooLarge(body.byteLength, maxBytes);
  try {
    return { ok: true, text: utf8.decode(body) };
  } catch {
    return { ok: false, code: "bad-encoding", message: "the message is not UTF-8" };
  }
}

function tooLarge(bytes: number, maxBytes: number): { ok: false; code: RejectionCode; message: string } {
  return {
    ok: false,
    code: "too-large",
    message: `the message has ${bytes} bytes; ${maxBytes} are allowed`,
  };
}
