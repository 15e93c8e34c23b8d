import Table from "cli-table3";
import type { Figures } from "./interleave.ts";

/** The figures as a table, contender by contender, and the versions below it. */
export function renderTable(
  figures: Readonly<Record<string, Figures>>,
  versions: Readonly<Record<string, string>>,
): string {
  const columns = Object.keys(Object.values(figures)[0] ?? {});
  const table = new Table({
    head: ["", ...columns],
    colAligns: ["left", ...columns.map(() => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const [name, row] of Object.entries(figures)) {
    table.push([name, ...columns.map((column) => (row[column] ?? NaN).toLocaleString("en-US"))]);
  }
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${table}\n${named.join(", ")}`;
}
