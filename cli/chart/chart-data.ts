import type { AnswerColumn, Cell } from "../../ops/query/index.ts";
import { cellText } from "../../ops/query/index.ts";
import { plainText } from "../plain-text.ts";
import { UsageError } from "../usage-error.ts";

/** What a chart shows: a label and a value of each series per row. */
export interface ChartData {
  readonly labels: readonly string[];
  /** Of a time series, in its order; milliseconds since the epoch. */
  readonly timesMs: readonly number[] | undefined;
  readonly series: readonly { readonly name: string; readonly values: readonly (number | undefined)[] }[];
}

/** More than that is no chart any more. */
const maxRows = 10_000;
const isTimeType = /^(TIMESTAMP|DATE)/;

/**
 * Makes a chart's data of an answer: the first column labels the rows, each column of numbers behind it is a series. Rows with a time
 * in front are put in its order. Throws `UsageError` for an answer that is no chart.
 */
export function chartData(columns: readonly AnswerColumn[], rows: readonly (readonly Cell[])[]): ChartData {
  if (rows.length > maxRows) {
    throw new UsageError(
      `--chart: ${rows.length} rows are too many; ${maxRows} are allowed: group them, as in date_trunc('minute', time)`,
    );
  }
  const [first, ...others] = columns;
  const isTime = first !== undefined && isTimeType.test(first.type);
  // A row without its time has no place in a time series.
  const placed = isTime ? rows.filter((row) => typeof row[0] === "string") : rows;
  const sorted = isTime ? [...placed].sort((one, other) => timeOf(one) - timeOf(other)) : placed;
  const series = others.flatMap(({ name }, index) => {
    const values = sorted.map((row) => numberOf(row[index + 1] ?? null));
    return values.some((value) => value !== undefined) ? [{ name: plainText(name), values }] : [];
  });
  if (series.length === 0) {
    throw new UsageError(
      "--chart: nothing to draw: the first column labels the rows, and a column of numbers has to follow",
    );
  }
  return {
    labels: sorted.map((row) => plainText(cellText(row[0] ?? null)) || "–"),
    timesMs: isTime ? sorted.map(timeOf) : undefined,
    series,
  };
}

function timeOf(row: readonly Cell[]): number {
  return Date.parse(String(row[0]));
}

function numberOf(cell: Cell): number | undefined {
  const value = typeof cell === "string" && cell.trim() !== "" ? Number(cell) : cell;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
