import { completeEnvelope } from "./check-envelope.ts";
import { checkJson } from "./check-json.ts";
import { damagedText, isDamaged, markDamage, unmarkPath } from "./damaged-text.ts";
import type { Decoded, Envelope, RejectionCode } from "./envelope.ts";
import { eventLimits } from "./event-limits.ts";
import { fieldPath } from "./field-path.ts";
import { readBody } from "./read-body.ts";
import { showValue } from "./show-value.ts";

/** An escape that may stand for half of a surrogate pair: only then are strings looked at one by one. */
const surrogateEscape = /\\u[dD][89a-fA-F]/;
const loneSurrogate = "half of a surrogate pair stands alone; text must be Unicode";

/**
 * Reads the events out of a message body: one CloudEvents envelope, a CloudEvents batch (an array), or either of
 * them wrapped by SNS. Always answers at least one `Decoded`, in the order of the message, each event judged for
 * itself. Never throws, and takes time linear in the body's length, whatever is in it.
 *
 * `maxBytes` is 1 MiB unless told, the largest message that SQS takes. Data is checked to be safe JSON, not
 * against its contract: that is `openEnvelope`'s part.
 *
 * @example
 * for (const decoded of decodeMessage(record.body)) {
 *   if (decoded.ok) console.log(decoded.envelope.type);
 *   else console.log(decoded.rejection.code, decoded.rejection.field);
 * }
 */
export function decodeMessage(
  body: string | Uint8Array,
  { maxBytes = eventLimits.maxBytes }: { readonly maxBytes?: number } = {},
): readonly Decoded[] {
  return decode(body, maxBytes, "");
}

function decode(body: string | Uint8Array, maxBytes: number, wrapper: "" | "Message"): readonly Decoded[] {
  const read = readBody(body, maxBytes);
  if (!read.ok) return [reject(read.code, wrapper, read.message)];
  let value: unknown;
  try {
    value = JSON.parse(read.text);
  } catch {
    return [reject("bad-json", wrapper, `the message is not JSON: it begins with ${showValue(read.text)}`)];
  }
  const wrapped = wrappedMessage(value);
  if (wrapped !== undefined) {
    if (wrapper === "") return decode(wrapped, maxBytes, "Message");
    return [reject("bad-envelope", wrapper, "the message is wrapped by SNS twice; use raw message delivery")];
  }
  const damaged = isDamaged(read.text);
  // Read once more, so that what was lost is told from what was escaped: of a batch only the damaged events die.
  if (damaged) value = JSON.parse(markDamage(read.text));
  const illFormed = damaged ? damagedText : surrogateEscape.test(read.text) ? loneSurrogate : undefined;
  if (!Array.isArray(value)) return [decodeEvent(value, illFormed, "")];
  if (value.length === 0) return [reject("bad-envelope", wrapper, "the batch is empty")];
  if (value.length > eventLimits.maxBatch) {
    const count = `${value.length} events in one message; ${eventLimits.maxBatch} are allowed`;
    return [reject("bad-envelope", wrapper, count)];
  }
  return value.map((event, index) => decodeEvent(event, illFormed, `[${index}]`));
}

/** `at` is the event's place in its batch, empty when it stands alone. */
function decodeEvent(value: unknown, illFormed: string | undefined, at: string): Decoded {
  const unsafe = checkJson(value, illFormed);
  if (unsafe) {
    const path = illFormed === damagedText ? unmarkPath(unsafe.path) : unsafe.path;
    return reject(unsafe.code, join(at, fieldPath(path)), unsafe.message);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return reject("bad-envelope", at, `an event must be a JSON object, not ${showValue(value)}`);
  }
  const problem = completeEnvelope(value as Record<string, unknown>);
  if (problem) {
    // Also in the message: a name is whatever the sender made it.
    const field = fieldPath([problem.field]);
    return reject("bad-envelope", join(at, field), `${field} ${problem.message}`);
  }
  return { ok: true, envelope: value as Envelope };
}

/** The body inside a notification, as SNS sends it when raw message delivery is off. (sns-message-and-json-formats) */
function wrappedMessage(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { Type, Message, specversion } = value as Record<string, unknown>;
  if (Type !== "Notification" || specversion !== undefined) return undefined;
  return typeof Message === "string" ? Message : undefined;
}

function join(at: string, field: string): string {
  return at !== "" && field !== "" && !field.startsWith("[") ? `${at}.${field}` : at + field;
}

function reject(code: RejectionCode, field: string, message: string): Decoded {
  return { ok: false, rejection: { code, field, message } };
}
