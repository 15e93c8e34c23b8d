import { PGlite } from "@electric-sql/pglite";
import { counted, noCounts } from "./counted.ts";
import { countedRows } from "./counted-rows.ts";
import { compareAll } from "./full-scan.ts";
import { injectPostgres, makePostgresBooks, postgresBookOf, scanPostgresBook } from "./postgres-books.ts";
import { type ReconcilerName, reconcilers } from "./reconcilers.ts";
import type { PostgresRow } from "./row.ts";
import { time } from "./transfers.ts";

/** Measures books of one size in PostgreSQL, with more and more differences. */
async function measure(
  n: number,
  differences: readonly number[],
  name: ReconcilerName,
): Promise<readonly PostgresRow[]> {
  const pglite = new PGlite();
  await makePostgresBooks(pglite, n);
  const scanned = { rows: 0, ms: 0 };
  const database = countedRows(pglite, scanned);
  const counts = noCounts();
  const [left, right] = [postgresBookOf(database, "left"), postgresBookOf(database, "right")];
  const costOf = async <T>(work: () => Promise<T>) => {
    Object.assign(scanned, { rows: 0, ms: 0 });
    const answer = await work();
    return { answer, rows: Math.round(scanned.rows), ms: Math.round(scanned.ms) };
  };
  await left.seal?.(time);
  const rows: PostgresRow[] = [];
  let injected = 0;
  for (const d of differences) {
    await injectPostgres(pglite, n, injected, d);
    injected = d;
    const sealing = await costOf(async () => right.seal?.(time));
    // As autovacuum does it on a server; PGlite has none.
    await pglite.exec("ANALYZE");
    Object.assign(counts, noCounts());
    const run = await costOf(() => reconcilers[name](counted(left, counts), counted(right, counts)));
    const full = await costOf(async () =>
      compareAll(scanPostgresBook(database, "left"), scanPostgresBook(database, "right")),
    );
    rows.push({
      n,
      d,
      found: run.answer,
      fullFound: full.answer,
      itemsRead: counts.items,
      digestsRead: counts.digests,
      rowsScanned: run.rows,
      sealingRowsScanned: sealing.rows,
      ms: run.ms,
      sealingMs: sealing.ms,
      fullRowsScanned: full.rows,
      fullMs: full.ms,
    });
  }
  await pglite.close();
  return rows;
}

const [n = "", differences = "", name = "ours"] = process.argv.slice(2);
process.send?.(await measure(Number(n), differences.split(",").map(Number), name as ReconcilerName));
process.disconnect?.();
