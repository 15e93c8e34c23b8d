import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type LedgerSource, sqliteDatabase, sqlSource } from "../../src/reconcile/index.ts";

export const spanMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 1);
/** Thirty days: the more entries, the more an hour. */
export const time = { fromMs: startMs, toMs: startMs + 30 * 24 * spanMs };

export type Side = "left" | "right";

/** Writes two equal books of `n` transfers, a file each. */
export function makeBooks(folder: string, n: number): void {
  for (const side of ["left", "right"] as const) {
    const database = new DatabaseSync(fileOf(folder, side));
    // What a crash would lose is made anew.
    database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE transfers (id TEXT, at_ms INTEGER, account TEXT, cents INTEGER);
      BEGIN`);
    const insert = database.prepare("INSERT INTO transfers VALUES (?, ?, ?, ?)");
    const random = seeded(n);
    for (let index = 0; index < n; index++) {
      const atMs = time.fromMs + Math.floor(random() * (time.toMs - time.fromMs));
      insert.run(idOf(index), atMs, `account-${Math.floor(random() * 100_000)}`, Math.floor(random() * 1e6));
    }
    database.exec(`COMMIT;
      CREATE INDEX transfers_id ON transfers (id); CREATE INDEX transfers_at ON transfers (at_ms)`);
    database.close();
  }
}

/** Makes differences number `from` to `to` (of at most 1,000) in the right book: of every class, all over the book. */
export function inject(folder: string, n: number, from: number, to: number): void {
  const database = new DatabaseSync(fileOf(folder, "right"));
  const write = (text: string, id: string) => database.prepare(text).run(id);
  for (let nth = from; nth < to; nth++) {
    const id = idOf(Math.floor((nth * n) / 1_000));
    const kinds = [
      () => write("DELETE FROM transfers WHERE id = ?", id),
      () => write("UPDATE transfers SET cents = cents + 1 WHERE id = ?", id),
      () => write("INSERT INTO transfers SELECT * FROM transfers WHERE id = ?", id),
      () =>
        write(
          "INSERT INTO transfers SELECT 'stray-' || id, at_ms, account, cents FROM transfers WHERE id = ?",
          id,
        ),
      () =>
        write(
          `UPDATE transfers SET at_ms = ${time.fromMs} + (at_ms - ${time.fromMs} + ${12 * spanMs}) % ${time.toMs - time.fromMs} WHERE id = ?`,
          id,
        ),
    ];
    kinds[nth % kinds.length]?.();
  }
  database.close();
}

export function bookOf(folder: string, side: Side): LedgerSource {
  return sqlSource({
    name: side,
    database: sqliteDatabase(new DatabaseSync(fileOf(folder, side))),
    table: "transfers",
    key: "id",
    time: "at_ms",
    fields: { account: { sql: "account", type: "string" }, cents: { sql: "cents", type: "number" } },
    spanMs,
  });
}

function idOf(index: number): string {
  return `transfer-${index}`;
}

function fileOf(folder: string, side: Side): string {
  return join(folder, `${side}.db`);
}

/** Equal numbers for both books: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
