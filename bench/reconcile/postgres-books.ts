import type { PGlite } from "@electric-sql/pglite";
import { type LedgerSource, type SqlDatabase, sqlSource } from "../../src/reconcile/index.ts";
import { changeOf, columns } from "./books.ts";
import { idOfDifference, type Side, sides, spanMs, type Transfer, time, transfers } from "./transfers.ts";

const rowsAtOnce = 5_000;
const dayMs = 24 * spanMs;

/** Makes two tables with equal books of `n` transfers, in a schema each. */
export async function makePostgresBooks(pglite: PGlite, n: number): Promise<void> {
  for (const side of sides) {
    await pglite.exec(
      `CREATE SCHEMA "${side}"; CREATE TABLE "${side}".transfers (id text, at_ms bigint, account text, cents bigint)`,
    );
    let some: Transfer[] = [];
    const write = async () => {
      await pglite.query(
        `INSERT INTO "${side}".transfers SELECT r.id, r."atMs", r.account, r.cents
         FROM json_to_recordset($1::json) AS r(id text, "atMs" bigint, account text, cents bigint)`,
        [JSON.stringify(some)],
      );
      some = [];
    };
    for (const transfer of transfers(n)) {
      some.push(transfer);
      if (some.length === rowsAtOnce) await write();
    }
    await write();
    await pglite.exec(
      `CREATE INDEX ON "${side}".transfers (id); CREATE INDEX ON "${side}".transfers (at_ms); ANALYZE "${side}".transfers`,
    );
  }
}

/** Makes differences number `from` to `to` (of at most 1,000) in the right book: of every class, all over the book. */
export async function injectPostgres(pglite: PGlite, n: number, from: number, to: number): Promise<void> {
  await pglite.exec(`SET search_path TO "right"`);
  for (let nth = from; nth < to; nth++) {
    await pglite.query(changeOf(nth, "$1"), [idOfDifference(n, nth)]);
  }
  await pglite.exec("RESET search_path");
}

export function postgresBookOf(database: SqlDatabase, side: Side): LedgerSource {
  return sqlSource({ name: side, database, table: `"${side}".transfers`, ...columns });
}

/** All transfers of a book, a day of them at a time. */
export async function* scanPostgresBook(database: SqlDatabase, side: Side): AsyncGenerator<Transfer> {
  for (let { fromMs } = time; fromMs < time.toMs; fromMs += dayMs) {
    const rows = await database.query(
      `SELECT id, at_ms, account, cents FROM "${side}".transfers WHERE at_ms >= ${fromMs} AND at_ms < ${fromMs + dayMs}`,
      [],
    );
    for (const { id, at_ms, account, cents } of rows) {
      yield { id: String(id), atMs: Number(at_ms), account: String(account), cents: Number(cents) };
    }
  }
}
