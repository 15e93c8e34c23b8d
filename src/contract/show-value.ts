const shown = 60;

/** A value, short and harmless enough for a message: cut, quoted, no control characters. */
export function showValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return plainText(JSON.stringify(cut(value, shown)), shown * 6 + 3);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? "an array" : "an object";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    default:
      return String(value);
  }
}

/**
 * Someone else's text, cut to `maxLength` and with every character escaped that a terminal would obey or SQS
 * would refuse in a message attribute. (API_SendMessage: allowed Unicode characters)
 */
export function plainText(text: string, maxLength: number): string {
  return cut(text, maxLength).replace(
    /[\p{Cc}\u2028\u2029\ufffe\uffff]/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function cut(text: string, maxLength: number): string {
  return (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text).toWellFormed();
}
