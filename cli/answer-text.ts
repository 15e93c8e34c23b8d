import { type AnswerColumn, type Cell, cellText } from "../ops/query/index.ts";
import { columns as aligned } from "./columns.ts";

/** How an answer is written. */
export type AnswerFormat = "table" | "csv" | "json";

/** A header in capitals, numbers to the right. */
export function answerTable(columns: readonly AnswerColumn[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell : cellText(cell))));
  return aligned([columns.map(({ name }) => name), ...cells], { widest: 120 });
}

/** One line of CSV (RFC 4180), without its line end: nothing for NULL. */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map((cell) => quoted(cellText(cell))).join(",");
}

/** A row as an object, by the columns' names. */
export function rowObject(
  columns: readonly AnswerColumn[],
  row: readonly Cell[],
): Readonly<Record<string, Cell>> {
  return Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null]));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
