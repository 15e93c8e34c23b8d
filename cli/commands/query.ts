import type { AskCosts, View, ViewColumn } from "../../ops/query/index.ts";
import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { cacheFolder } from "../cache-folder.ts";
import { columns as aligned } from "../columns.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { bytesText, fetchProgress } from "../fetch-progress.ts";
import { loadOps } from "../load-ops.ts";
import { withArchive } from "../open-archive.ts";
import { oneOf } from "../option-values.ts";
import { timeMs } from "../place.ts";
import { type ShowOptions, showAnswer } from "../show-answer.ts";
import { UsageError } from "../usage-error.ts";

const formatName = oneOf("table", "csv", "json");

/** `bus query`: archive and journal, asked in SQL. */
export const query = command({
  name: "query",
  summary: "ask archive and journal in SQL: as a table, CSV, JSON or a chart",
  details: [
    "The views archive and journal hold each event once, what is not sealed yet included. Segments are copied to this machine",
    "and asked by DuckDB (@duckdb/node-api, which you install); copies are kept for the next question. A question can read",
    "these views and nothing else: no files, no network. --from and --to leave out spans by when they were written, so that less",
    "is fetched; ask for event times with where time >= …",
    "",
    "Examples:",
    "  bus query --schema",
    '  bus query "select type, count(*) from archive group by type order by 2 desc"',
    "  bus query --from 2h \"select sum((data->>'cents')::bigint) / 100.0 as dollars from archive where type = 'order.created'\"",
    '  bus query "select consumer, quantile_cont(critical_ms, [0.5, 0.99]) from journal group by consumer"',
    "  bus query \"select date_trunc('minute', time), count(*) from archive group by 1\" --chart",
    '  bus query "select * from archive" --output archive.csv',
  ].join("\n"),
  arguments: { sql: { value: "[sql]", summary: "one SELECT" } },
  options: {
    schema: { summary: "print the views and their columns, and what each means" },
    bus: { value: "<name>", summary: "whose (default: the only one there is)", parse: busName },
    from: {
      value: "<time>",
      summary: 'leave out spans that ended before: "2h" ago, "2026-11-27T10:00" (UTC)',
      parse: (typed: string) => timeMs(typed),
    },
    to: {
      value: "<time>",
      summary: "leave out spans that began then or later",
      parse: (typed: string) => timeMs(typed),
    },
    format: {
      value: "<format>",
      summary: "table, csv, or json (an object a row)",
      parse: formatName,
    },
    output: {
      value: "<file>",
      summary: "write the rows there: csv, or json where it ends in .json or .ndjson",
    },
    chart: {
      value: "[file.svg]",
      summary: "draw it: the first column labels, numbers behind it are drawn; here, or into an SVG file",
    },
    data: { value: "<folder>", summary: "the data folder of a local cloud, running or not" },
    "no-cache": { summary: "keep no copies, and use none" },
    verbose: { summary: "say where the time went" },
    json: { summary: "print the rows as one line of JSON, the last on standard output" },
  },
  run: async (terminal, { schema, verbose, bus, data, from, to, ...typed }) => {
    const { askArchive, viewColumns, views } = await import("../../ops/query/index.ts");
    if (schema) {
      if (typed.json) terminal.printJson({ views, columns: viewColumns });
      else terminal.print(schemaText(views, viewColumns));
      return exitCodes.done;
    }
    const { sql, ...show } = wishOf(typed);
    if (from !== undefined && to !== undefined && from >= to) {
      throw new UsageError("--from is not before --to: there is nothing between them");
    }
    const { openBusArchive } = await loadOps(() => import("../../ops/archive/index.ts"));
    const lap = laps(terminal.startedAtMs);
    return withArchive(terminal, { bus, data }, (open) =>
      sayingUsage(async () => {
        const progress = fetchProgress(terminal);
        const startMs = lap();
        const asked = await askArchive({
          archive: await openBusArchive(open),
          ...{ sql, fromMs: from, toMs: to, signal: terminal.signal },
          cacheFolder: typed["no-cache"] ? undefined : cacheFolder(),
          onProgress: progress.show,
          onNote: terminal.say,
        }).finally(progress.end);
        try {
          lap();
          const rows = await showAnswer(terminal, asked.answer, {
            ...show,
            head: { ...open.where, bus: open.bus },
          });
          if (verbose) terminal.say(costsText(asked.costs, { startMs, answerMs: lap(), rows }));
          return exitCodes.done;
        } finally {
          asked.close();
        }
      }),
    );
  },
});

/** What is asked and how it is shown. Throws `UsageError` for what does not go together. */
function wishOf(typed: {
  readonly sql: string | undefined;
  readonly chart: string | true | undefined;
  readonly format: "table" | "csv" | "json" | undefined;
  readonly output: string | undefined;
  readonly json: boolean;
}): { readonly sql: string } & Omit<ShowOptions, "head"> {
  const { output, json, format } = typed;
  // The chart's file can be left out, so a question behind a bare --chart is taken for it.
  const isQuestion =
    typed.sql === undefined && typeof typed.chart === "string" && !typed.chart.endsWith(".svg");
  const sql = isQuestion ? String(typed.chart) : typed.sql;
  const chart = isQuestion ? true : typed.chart;
  if (sql === undefined) {
    throw new UsageError('what is asked? give one SELECT, as in bus query "select count(*) from archive"');
  }
  if (typeof chart === "string" && !chart.endsWith(".svg")) {
    throw new UsageError(`--chart: ${JSON.stringify(chart)} does not end in .svg: it draws SVG files`);
  }
  if (chart === true && (json || output !== undefined || format !== undefined)) {
    throw new UsageError(
      "--chart draws on the screen in place of the rows: give it a file, as in --chart chart.svg",
    );
  }
  if (json && (output !== undefined || format !== undefined)) {
    throw new UsageError("--json prints all rows as one line: leave --format and --output out");
  }
  if (output !== undefined && format === "table") {
    throw new UsageError("--output writes csv or json: a table is for eyes");
  }
  return { sql, chart, format, output, json };
}

/** What could be asked otherwise is a matter of the command line. */
async function sayingUsage<Result>(work: () => Promise<Result>): Promise<Result> {
  const { QueryError } = await import("../../ops/query/index.ts");
  try {
    return await work();
  } catch (thrown) {
    const isUsage = thrown instanceof QueryError && thrown.code !== "query-failed";
    throw isUsage ? new UsageError(thrown.message) : thrown;
  }
}

function schemaText(
  views: readonly View[],
  columns: Readonly<Record<View["kind"], readonly ViewColumn[]>>,
): string {
  return (["archive", "journal"] as const)
    .map((kind) => {
      const named = views.filter((view) => view.kind === kind).map(({ name, about }) => [name, about]);
      const rows = columns[kind].map(({ name, type, about }) => [name, type, about]);
      return [aligned(named, { widest: 120 }), aligned(rows, { widest: 120, indent: "  " })].join("\n");
    })
    .join("\n\n");
}

function costsText(
  costs: AskCosts,
  { startMs, answerMs, rows }: { readonly startMs: number; readonly answerMs: number; readonly rows: number },
): string {
  const { spans, openSpans, objects, cached, fetchedBytes, openMs, listMs, fetchMs, askMs } = costs;
  return [
    `start ${seconds(startMs)}: this program, and where the archive is`,
    `open ${seconds(openMs)}: DuckDB, and a look at the question`,
    `list ${seconds(listMs)}: ${spans} spans, ${openSpans} of them open`,
    `fetch ${seconds(fetchMs)}: ${objects - cached} objects, ${bytesText(fetchedBytes)}; ${cached} were at hand`,
    `answer ${seconds(askMs + answerMs)}: ${rows} rows`,
  ].join("\n");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

/** Answers how long it is since it was asked the last time. */
function laps(sinceMs: number): () => number {
  let lastMs = sinceMs;
  return () => {
    const nowMs = systemClock.nowMs();
    const ms = nowMs - lastMs;
    lastMs = nowMs;
    return ms;
  };
}
