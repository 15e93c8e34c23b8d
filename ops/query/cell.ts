import type { DuckDBValue } from "@duckdb/node-api";

/** A value of an answer, as JSON has it. Times are ISO 8601, UTC; numbers that JSON would round are text. */
export type Cell = null | boolean | number | string | readonly Cell[] | { readonly [name: string]: Cell };

/** Digits that a number keeps, whatever they are. */
const exactDigits = 15;
const microsPerMs = 1_000n;

/** Makes a `Cell` of what DuckDB answers; a text in a column of type JSON is taken apart. */
export function cellOf(value: DuckDBValue, isJson = false): Cell {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return isJson ? jsonCell(value) : value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return numberOrText(String(value), Number.isSafeInteger(Number(value)));
  if ("items" in value) return value.items.map((item) => cellOf(item));
  if ("entries" in value) {
    const pairs = Array.isArray(value.entries)
      ? value.entries.map(({ key, value }) => [String(key), cellOf(value)] as const)
      : Object.entries(value.entries).map(([name, item]) => [name, cellOf(item as DuckDBValue)] as const);
    return Object.fromEntries(pairs);
  }
  if ("scale" in value) {
    const text = String(value);
    return numberOrText(text, text.replace(/\D/g, "").length <= exactDigits);
  }
  if ("micros" in value && "isFinite" in value && value.isFinite) return isoText(value.micros);
  return String(value);
}

/** A value as text, for a table or a line of CSV: nothing for NULL. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

function numberOrText(text: string, isExact: boolean): Cell {
  return isExact ? Number(text) : text;
}

/** JSON taken apart; a number in it that JavaScript would round is a text. */
function jsonCell(text: string): Cell {
  try {
    return (JSON.parse as ParseWithSource)(text, (_name, value, { source }) =>
      typeof value !== "number" || source === undefined
        ? value
        : numberOrText(source, isExact(source, value)),
    );
  } catch {
    return text;
  }
}

/** `JSON.parse` also tells how a number was written. (ECMAScript's proposal "JSON.parse source text access") */
type ParseWithSource = (
  text: string,
  revive: (name: string, value: Cell, context: { readonly source?: string }) => Cell,
) => Cell;

function isExact(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  return /^-?\d+$/.test(source)
    ? Number.isSafeInteger(value)
    : source.replace(/\D/g, "").length <= exactDigits;
}

function isoText(micros: bigint): string {
  // Whole milliseconds below it, also before 1970.
  const ms = micros / microsPerMs - (micros % microsPerMs < 0n ? 1n : 0n);
  const rest = micros - ms * microsPerMs;
  const text = new Date(Number(ms)).toISOString();
  if (rest !== 0n) return text.replace("Z", `${String(rest).padStart(3, "0")}Z`);
  return text.replace(".000Z", "Z");
}
