import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { offlineEnvironment, startChild } from "../frame/children.ts";
import type { ReportBench } from "../frame/report-bench.ts";
import { renderTable } from "../frame/table.ts";
import { inject, makeBooks } from "./books.ts";
import { dynamoRows, missingForDynamoDbLocal, postgresRows, smallHeap } from "./measure-costs.ts";
import type { ReconcilerName } from "./reconcilers.ts";
import type { DynamoRow, PostgresRow, Row } from "./row.ts";
import { judge, judgeScans, judgeUnits } from "./verdict.ts";

/** The most that can be injected. */
const differences = [0, 10, 100, 1_000];

const minSize = 100_000;

/** Two books, more and more entries and differences: what is read to find them, beside a full comparison. */
export const reconcileBench: ReportBench = {
  packages: ["@electric-sql/pglite", "@aws-sdk/client-dynamodb"],
  /** Entries of the largest books in SQLite; those in DynamoDB and PostgreSQL have a tenth of it. */
  size: 1_000_000,
  report: async (size, tell) => {
    if (!(size >= minSize)) {
      throw new Error(
        `--size ${size} is too small: ${minSize} entries or more, so that 100 differences are few`,
      );
    }
    const rows = await measureRows({ sizes: [size / 100, size / 10, size], differences, tell });
    const { exponent, peakMemoryMb, failures } = judge(rows);
    const costs = { sizes: [size / 100, size / 10], differences, tell };
    const dynamodb = await dynamoRows("dynoxide", costs);
    const missing = await missingForDynamoDbLocal();
    for (const message of missing) tell(`not measured: ${message}`);
    const dynamodbLocal = missing.length > 0 ? undefined : await dynamoRows("DynamoDB Local", costs);
    const postgresql = await postgresRows(costs);
    const judged = {
      dynamodb: judgeUnits(dynamodb),
      ...(dynamodbLocal && { dynamodbLocal: judgeUnits(dynamodbLocal) }),
      postgresql: judgeScans(postgresql),
    };
    const lines = Object.entries(judged).map(
      ([name, of]) =>
        `${name}: cost grows by N to the ${of.exponent}, ${of.fewer} times less than reading all`,
    );
    const tables = [
      tableOf("SQLite", rows),
      tableOf("DynamoDB, dynoxide", dynamodb),
      dynamodbLocal ? tableOf("DynamoDB Local", dynamodbLocal) : `DynamoDB Local: ${missing.join("; ")}`,
      tableOf("PostgreSQL", postgresql),
    ];
    return {
      answer: {
        rows,
        exponent,
        peakMemoryMb,
        dynamodb,
        dynamodbLocal: dynamodbLocal ?? { notMeasured: missing },
        postgresql,
        growth: Object.fromEntries(Object.entries(judged).map(([name, of]) => [name, of.exponent])),
      },
      table: [
        ...tables,
        `items read grow by N to the ${exponent}; ${peakMemoryMb} MB at the peak`,
        ...lines,
      ].join("\n"),
      failures: [...failures, ...Object.values(judged).flatMap((of) => of.failures)],
    };
  },
};

function tableOf(title: string, rows: readonly (Row | DynamoRow | PostgresRow)[]): string {
  const shown = rows.map(({ n, d, ...figures }) => [`N ${n.toLocaleString("en-US")}, d ${d}`, figures]);
  return `${title}\n${renderTable(Object.fromEntries(shown) as Parameters<typeof renderTable>[0], {})}`;
}

/** One row for each size and number of differences (growing, a tenth of all at most); a fresh process for each. */
export async function measureRows({
  sizes,
  differences,
  reconciler = "ours",
  tell = () => {},
}: {
  readonly sizes: readonly number[];
  readonly differences: readonly number[];
  readonly reconciler?: ReconcilerName;
  readonly tell?: (line: string) => void;
}): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const n of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "omnibus-bench-reconcile-"));
    try {
      tell(`writing two books of ${n.toLocaleString("en-US")} entries`);
      makeBooks(folder, n);
      let injected = 0;
      for (const d of differences.filter((some) => some <= n / 10)) {
        inject(folder, n, injected, d);
        injected = d;
        const row = { n, d, ...(await measured(folder, reconciler)) };
        tell(
          `N ${n}, d ${d}: found ${row.found}, read ${row.itemsRead} items and ${row.bytes} bytes in ${row.ms} ms; full comparison ${row.fullItemsRead}, ${row.fullBytes}, ${row.fullMs} ms`,
        );
        rows.push(row);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}

async function measured(folder: string, reconciler: ReconcilerName): Promise<Omit<Row, "n" | "d">> {
  const script = join(import.meta.dirname, "measure.ts");
  const env = { ...offlineEnvironment("http://127.0.0.1:9"), NODE_OPTIONS: smallHeap };
  const child = startChild(script, [folder, reconciler], env);
  try {
    return (await child.next()) as Omit<Row, "n" | "d">;
  } finally {
    await child.stop();
  }
}
