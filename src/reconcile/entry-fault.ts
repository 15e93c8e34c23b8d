import type { Entry } from "../digest/index.ts";

/** The longest key, in UTF-16 units: what is longer is no key, and would not fit where differences are kept. */
export const maxKeyLength = 8_192;
/** The last moment of a JavaScript date. (ECMA-262, section 21.4.1.1) */
export const lastMs = 8.64e15;

/**
 * Says what is wrong about an entry as such, whatever else is true of it; `undefined`: nothing. What passes here has one
 * hash, and is equal or not to another one without a doubt.
 */
export function entryFault(entry: Entry): { readonly code: string; readonly message: string } | undefined {
  const is = typeof entry === "object" && entry !== null;
  if (!is || typeof entry.key !== "string" || typeof entry.fields !== "object" || entry.fields === null) {
    const answer = JSON.stringify(entry)?.slice(0, 200);
    return { code: "source-entry", message: `${answer} is no entry: it needs key, timeMs and fields` };
  }
  const { key, timeMs, fields } = entry;
  const wrong = (code: string, what: string) => ({ code, message: `entry ${shownKey(key)} ${what}` });
  if (!key.isWellFormed()) return wrong("source-entry", "has half of a surrogate pair in its key");
  if (key.length > maxKeyLength) {
    return wrong("source-entry", `has a key of ${key.length} characters; ${maxKeyLength} are allowed`);
  }
  if (!Number.isSafeInteger(timeMs) || timeMs < 0 || timeMs > lastMs) {
    return wrong(
      "source-time",
      `has the time ${timeMs}; whole milliseconds since the epoch are expected, up to the year 275760`,
    );
  }
  for (const name in fields) {
    const value: unknown = fields[name];
    if (isFieldValue(value)) continue;
    const what = typeof value === "object" ? JSON.stringify(value)?.slice(0, 100) : String(value);
    return wrong(
      "source-entry",
      `has the field ${JSON.stringify(name)} ${what}; a string, a finite number, a boolean or null is allowed`,
    );
  }
  return undefined;
}

/** As messages name a key. */
export function shownKey(key: string): string {
  return JSON.stringify(key.slice(0, 100));
}

/** A field that is undefined is not there: JSON leaves it out. */
function isFieldValue(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return value.isWellFormed();
    case "number":
      return Number.isFinite(value);
    case "boolean":
    case "undefined":
      return true;
    default:
      return value === null;
  }
}
