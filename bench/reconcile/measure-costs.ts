import { join } from "node:path";
import { startTableEngine } from "../../local/cloud/index.ts";
import { missingCommands, startDynamoDbLocal } from "../../local/tools/index.ts";
import { offlineEnvironment, startChild } from "../frame/children.ts";
import type { ReconcilerName } from "./reconcilers.ts";
import type { DynamoRow, PostgresRow } from "./row.ts";

/** Node takes what the machine has before it cleans up. What is needed shows in a heap as of a small function. */
export const smallHeap = "--max-old-space-size=64 --max-semi-space-size=4";

export interface CostOptions {
  readonly sizes: readonly number[];
  /** Growing; of each size, those that are a tenth of it at most. */
  readonly differences: readonly number[];
  readonly reconciler?: ReconcilerName;
  readonly tell?: (line: string) => void;
}

/** One row for each size and number of differences, of two tables in dynoxide or in AWS's own DynamoDB Local. */
export async function dynamoRows(
  engine: "dynoxide" | "DynamoDB Local",
  options: CostOptions,
): Promise<readonly DynamoRow[]> {
  const { endpoint, stop } = await (engine === "dynoxide" ? startTableEngine() : startDynamoDbLocal());
  try {
    return await measured<DynamoRow>(
      "measure-dynamo.ts",
      endpoint,
      options,
      (row) =>
        `${engine}, N ${row.n}, d ${row.d}: found ${row.found} for ${row.readUnits} read units in ${row.ms} ms; reading all ${row.fullReadUnits}`,
    );
  } finally {
    await stop();
  }
}

/** What DynamoDB Local needs and this machine does not have. */
export async function missingForDynamoDbLocal(): Promise<readonly string[]> {
  const wanted = (["java", "mvn"] as const).map((command) => ({ command, for: "DynamoDB Local" }));
  return (await missingCommands(wanted)).map(({ message }) => message);
}

/** One row for each size and number of differences, of two tables in PostgreSQL. */
export function postgresRows(options: CostOptions): Promise<readonly PostgresRow[]> {
  // It runs in the process itself: there is nothing to call.
  return measured<PostgresRow>(
    "measure-postgres.ts",
    "http://127.0.0.1:9",
    options,
    (row) =>
      `PostgreSQL, N ${row.n}, d ${row.d}: found ${row.found}, ${row.rowsScanned} rows scanned in ${row.ms} ms; reading all ${row.fullRowsScanned}`,
  );
}

async function measured<Row>(
  script: string,
  endpoint: string,
  { sizes, differences, reconciler = "ours", tell = () => {} }: CostOptions,
  line: (row: Row) => string,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const n of sizes) {
    const some = differences.filter((d) => d <= n / 10);
    const env = { ...offlineEnvironment(endpoint), NODE_OPTIONS: smallHeap };
    const child = startChild(join(import.meta.dirname, script), [String(n), some.join(), reconciler], env);
    try {
      const found = (await child.next()) as readonly Row[];
      for (const row of found) tell(line(row));
      rows.push(...found);
    } finally {
      await child.stop();
    }
  }
  return rows;
}
