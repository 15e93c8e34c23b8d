import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type LedgerSource, sqliteDatabase, sqlSource } from "../../src/reconcile/index.ts";
import { idOfDifference, type Side, sides, spanMs, time, transfers } from "./transfers.ts";

/** Writes two equal books of `n` transfers, a file each. */
export function makeBooks(folder: string, n: number): void {
  for (const side of sides) {
    const database = new DatabaseSync(fileOf(folder, side));
    // What a crash would lose is made anew.
    database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE transfers (id TEXT, at_ms INTEGER, account TEXT, cents INTEGER);
      BEGIN`);
    const insert = database.prepare("INSERT INTO transfers VALUES (?, ?, ?, ?)");
    for (const { id, atMs, account, cents } of transfers(n)) insert.run(id, atMs, account, cents);
    database.exec(`COMMIT;
      CREATE INDEX transfers_id ON transfers (id); CREATE INDEX transfers_at ON transfers (at_ms)`);
    database.close();
  }
}

/** Makes differences number `from` to `to` (of at most 1,000) in the right book: of every class, all over the book. */
export function inject(folder: string, n: number, from: number, to: number): void {
  const database = new DatabaseSync(fileOf(folder, "right"));
  for (let nth = from; nth < to; nth++) {
    database.prepare(changeOf(nth)).run(idOfDifference(n, nth));
  }
  database.close();
}

/** What difference `nth` does to a transfer, as SQL with the transfer's number as its one parameter. */
export function changeOf(nth: number, parameter = "?"): string {
  const changes = [
    `DELETE FROM transfers WHERE id = ${parameter}`,
    `UPDATE transfers SET cents = cents + 1 WHERE id = ${parameter}`,
    `INSERT INTO transfers SELECT * FROM transfers WHERE id = ${parameter}`,
    `INSERT INTO transfers SELECT 'stray-' || id, at_ms, account, cents FROM transfers WHERE id = ${parameter}`,
    `UPDATE transfers SET at_ms = ${time.fromMs} + (at_ms - ${time.fromMs} + ${12 * spanMs}) % ${time.toMs - time.fromMs} WHERE id = ${parameter}`,
  ];
  return changes[nth % changes.length] ?? "";
}

export function bookOf(folder: string, side: Side): LedgerSource {
  return sqlSource({
    name: side,
    database: sqliteDatabase(new DatabaseSync(fileOf(folder, side))),
    table: "transfers",
    ...columns,
  });
}

/** What is an entry of a table of transfers. */
export const columns = {
  key: "id",
  time: "at_ms",
  fields: { account: { sql: "account", type: "string" }, cents: { sql: "cents", type: "number" } },
  spanMs,
} as const;

function fileOf(folder: string, side: Side): string {
  return join(folder, `${side}.db`);
}
