import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Answer, Cell } from "../ops/query/index.ts";
import { type AnswerFormat, answerTable, csvLine, rowObject } from "./answer-text.ts";
import { intoFile } from "./into-file.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** A table is for eyes: no more rows than that. */
const maxTableRows = 1_000;
/** What one line of JSON, or a chart, is made of is in memory at once. */
const maxRowsAtOnce = 100_000;
const widthWithoutScreen = 100;

export interface ShowOptions {
  readonly format: AnswerFormat | undefined;
  /** Writes the rows into this file. */
  readonly output: string | undefined;
  /** Draws on the screen, in place of the rows; or into this SVG file, beside them. */
  readonly chart: string | true | undefined;
  readonly json: boolean;
  /** What stands in front of the rows in JSON. */
  readonly head: Readonly<Record<string, unknown>>;
}

type Out = Pick<Terminal, "print" | "printJson" | "say" | "screen" | "directory" | "showing">;

/** Shows an answer as it is wished. Answers how many rows there were. Rows are read as they are shown, but for JSON and charts. */
export async function showAnswer(
  terminal: Out,
  answer: Answer,
  { format, output, chart, json, head }: ShowOptions,
): Promise<number> {
  const { columns } = answer;
  if (chart === undefined && !json) return showRows(terminal, answer, { format, output });
  const rows = await allRows(answer);
  if (chart !== undefined) await draw(terminal, { columns, rows, chart });
  if (json) terminal.printJson({ ...head, columns, rows: rows.map((row) => rowObject(columns, row)) });
  else if (chart !== true) await showRows(terminal, { columns, pages: pagesOf(rows) }, { format, output });
  return rows.length;
}

function showRows(
  terminal: Out,
  answer: Answer,
  { format, output }: Pick<ShowOptions, "format" | "output">,
): Promise<number> {
  if (output === undefined) return printRows(terminal, answer, format ?? "table");
  const inferred = /\.(nd)?json$/i.test(output) ? "json" : "csv";
  return saveRows(terminal, answer, output, format === "json" || format === "csv" ? format : inferred);
}

async function printRows(terminal: Out, { columns, pages }: Answer, format: AnswerFormat): Promise<number> {
  const shown: (readonly Cell[])[] = [];
  let rows = 0;
  if (format === "csv") terminal.print(csvLine(columns.map(({ name }) => name)));
  for await (const page of pages) {
    if (terminal.showing.aborted) break;
    for (const row of page) {
      rows++;
      if (format === "csv") terminal.print(csvLine(row));
      else if (format === "json") terminal.printJson(rowObject(columns, row));
      else if (rows <= maxTableRows) shown.push(row);
    }
  }
  if (format === "table") terminal.print(answerTable(columns, shown));
  if (format === "table" && rows > shown.length) {
    terminal.say(`${rows - shown.length} more rows: give --format csv, or --output`);
  }
  return rows;
}

/** Byte for byte, where standard output has no control characters. */
async function saveRows(
  terminal: Out,
  { columns, pages }: Answer,
  output: string,
  format: Exclude<AnswerFormat, "table">,
): Promise<number> {
  let rows = 0;
  const texts = async function* () {
    if (format === "csv") yield `${csvLine(columns.map(({ name }) => name))}\r\n`;
    for await (const page of pages) {
      rows += page.length;
      yield page
        .map((row) =>
          format === "csv" ? `${csvLine(row)}\r\n` : `${JSON.stringify(rowObject(columns, row))}\n`,
        )
        .join("");
    }
  };
  await intoFile(terminal, output, (path) => pipeline(Readable.from(texts()), createWriteStream(path)));
  terminal.say(`${rows} rows are in ${output}`);
  return rows;
}

async function draw(
  terminal: Out,
  {
    columns,
    rows,
    chart,
  }: Pick<Answer, "columns"> & { rows: readonly (readonly Cell[])[]; chart: string | true },
): Promise<void> {
  // Loaded here: most questions are not drawn.
  const { barChart, chartData, lineChart, svgChart } = await import("./chart/index.ts");
  const data = chartData(columns, rows);
  if (chart !== true) {
    const svg = await svgChart(data);
    await intoFile(terminal, chart, (path) => writeFile(path, svg));
    terminal.say(`the chart is in ${chart}`);
    return;
  }
  const width = terminal.screen?.columns ?? widthWithoutScreen;
  terminal.print(data.timesMs && data.labels.length > 2 ? lineChart(data, width) : barChart(data, width));
}

async function allRows({ pages }: Answer): Promise<readonly (readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for await (const page of pages) {
    rows.push(...page);
    if (rows.length > maxRowsAtOnce) {
      throw new UsageError(
        `more than ${maxRowsAtOnce} rows are too many for one line of JSON or a chart: give --format json or csv, or ask for fewer`,
      );
    }
  }
  return rows;
}

async function* pagesOf(rows: readonly (readonly Cell[])[]): AsyncGenerator<readonly (readonly Cell[])[]> {
  yield rows;
}
