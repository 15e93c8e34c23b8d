/** The longest text of an array or an object; a message is no place for more. */
const mostLength = 100;

/**
 * A value as a message tells it, whatever it is: an app whose types nobody has checked may hand over anything. Texts keep
 * their quotes, so that `"20"` is not taken for 20. Never throws.
 */
export function valueText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value).slice(0, mostLength);
  } catch {
    // It leads back to itself, or holds what JSON has no word for.
    return Array.isArray(value) ? "an array that JSON cannot tell" : "an object that JSON cannot tell";
  }
}
