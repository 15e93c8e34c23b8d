/** A JSON value as TypeScript or Python is written: `{ orderId: "o-1", cents: 1 }`, `{"orderId": "o-1", "cents": 1}`. */
export function literal(value: unknown, language: "typescript" | "python"): string {
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, language)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, one]) => [key, literal(one, language)] as const);
    if (entries.length === 0) return "{}";
    return language === "python"
      ? `{${entries.map(([key, one]) => `${JSON.stringify(key)}: ${one}`).join(", ")}}`
      : `{ ${entries.map(([key, one]) => `${keyOf(key)}: ${one}`).join(", ")} }`;
  }
  if (language === "python") {
    if (value === null || value === undefined) return "None";
    if (typeof value === "boolean") return value ? "True" : "False";
  }
  return JSON.stringify(value) ?? "undefined";
}

/** A property name as TypeScript writes it: quoted only where it must be. */
export function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
