/**
 * Rows as aligned columns, two spaces apart, numbers to the right. Text from outside loses its line breaks, which could
 * forge rows, and is cut at `widest` characters.
 */
export function columns(
  rows: readonly (readonly (string | number)[])[],
  { widest = 100, indent = "" }: { readonly widest?: number; readonly indent?: string } = {},
): string {
  const cells = rows.map((row) => row.map((cell) => cut(oneLine(String(cell)), widest)));
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows
    .map((row, at) =>
      `${indent}${row
        .map((cell, index) => {
          const text = cells[at]?.[index] ?? "";
          const width = widths[index] ?? 0;
          return typeof cell === "number" ? text.padStart(width) : text.padEnd(width);
        })
        .join("  ")}`.trimEnd(),
    )
    .join("\n");
}

/** The text on one line. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function cut(text: string, widest: number): string {
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}
