import { oneLine } from "./columns.ts";

/** No column becomes wider than that for all that follows. */
const widest = 48;

/**
 * Aligns rows that come one by one: a column is as wide as the widest cell so far. Text from outside loses its line breaks,
 * which could forge rows.
 */
export function growingColumns(): (cells: readonly string[]) => string {
  const widths: number[] = [];
  return (cells) => {
    const texts = cells.map(oneLine);
    for (const [index, text] of texts.entries()) {
      widths[index] = Math.min(widest, Math.max(widths[index] ?? 0, text.length));
    }
    return texts
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  };
}
