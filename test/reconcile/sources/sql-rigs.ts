import { DatabaseSync } from "node:sqlite";
import { PGlite } from "@electric-sql/pglite";
import { type Entry, type SqlDatabase, sqliteDatabase, sqlSource } from "../../../src/reconcile/index.ts";
import { hourMs } from "../books.ts";

/** A database that books are written to, a table each. */
export interface SqlRig {
  readonly database: SqlDatabase;
  /** Fills a new table, and answers its name. */
  fill(entries: readonly Entry[]): Promise<string>;
  close(): Promise<void>;
}

export function sqliteRig(file = ":memory:"): SqlRig {
  const sqlite = new DatabaseSync(file);
  let tables = 0;
  return {
    database: sqliteDatabase(sqlite),
    fill: async (entries) => {
      const table = `book_${tables++}`;
      sqlite.exec(`CREATE TABLE ${table} (id TEXT, at_ms INTEGER, account TEXT, amount REAL, open INTEGER);
        CREATE INDEX ${table}_id ON ${table} (id); CREATE INDEX ${table}_at ON ${table} (at_ms)`);
      const insert = sqlite.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?, ?)`);
      sqlite.exec("BEGIN");
      for (const { key, timeMs, fields } of entries) {
        const { account = null, amount = null, open = null } = fields;
        insert.run(key, timeMs, account as string, amount as number, open === null ? null : Number(open));
      }
      sqlite.exec("COMMIT");
      return table;
    },
    close: async () => sqlite.close(),
  };
}

export async function postgresRig(): Promise<SqlRig & { readonly pglite: PGlite }> {
  const pglite = new PGlite();
  let tables = 0;
  return {
    pglite,
    database: {
      dialect: "postgres",
      query: async (text, parameters) =>
        (await pglite.query<Record<string, unknown>>(text, [...parameters])).rows,
    },
    fill: async (entries) => {
      const table = `book_${tables++}`;
      await pglite.exec(`CREATE TABLE ${table} (id text, at timestamptz, account text, amount float8, open boolean);
        CREATE INDEX ON ${table} (id); CREATE INDEX ON ${table} (at)`);
      const rows = entries.map(({ key, timeMs, fields }) => ({
        id: key,
        at: new Date(timeMs).toISOString(),
        ...fields,
      }));
      await pglite.query(
        `INSERT INTO ${table} SELECT * FROM json_to_recordset($1::json) AS r(id text, at timestamptz, account text, amount float8, open boolean)`,
        [JSON.stringify(rows)],
      );
      return table;
    },
    close: () => pglite.close(),
  };
}

/** A filled table as a source. */
export function bookIn(rig: SqlRig, table: string, more: { pageSize?: number } = {}) {
  return sqlSource({
    name: table,
    database: rig.database,
    table,
    key: "id",
    ...(rig.database.dialect === "postgres" ? { time: "at", timeType: "timestamp" } : { time: "at_ms" }),
    fields: {
      account: { sql: "account", type: "string" },
      amount: { sql: "amount", type: "number" },
      open: { sql: "open", type: "boolean" },
    },
    spanMs: hourMs,
    ...more,
  });
}
