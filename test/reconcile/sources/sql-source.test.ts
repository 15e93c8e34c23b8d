import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { rowsScanned } from "../../../bench/reconcile/rows-scanned.ts";
import { sourceConformance } from "../../../local/testing/source-conformance.ts";
import {
  digestOf,
  type Entry,
  entryHash,
  indexedEntries,
  type LedgerSource,
  type SqlDatabase,
  splitWindow,
  sqlSource,
  wholeSpan,
} from "../../../src/reconcile/index.ts";
import { book, brief, findings, hourMs, startMs } from "../books.ts";
import { bookIn, postgresRig, type SqlRig, sqliteRig } from "./sql-rigs.ts";

const day = { fromMs: startMs, toMs: startMs + 24 * hourMs };
const whole = wholeSpan(day.fromMs, day.toMs);

const sqlite = sqliteRig();
// One for the whole file: to make a database's files takes longer than most that is asked of it.
let postgres: Awaited<ReturnType<typeof postgresRig>>;
beforeAll(async () => {
  postgres = await postgresRig();
}, 60_000);
afterAll(async () => {
  await sqlite.close();
  await postgres?.close();
});

describe.each<[string, () => SqlRig]>([
  ["SQLite", () => sqlite],
  ["PostgreSQL", () => postgres],
])("sqlSource in %s", (_, started) => {
  let rig: SqlRig;
  beforeAll(() => {
    rig = started();
  });

  const suite = sourceConformance(async (entries) => bookIn(rig, await rig.fill(entries), { pageSize: 7 }));
  for (const { name, check } of suite) it(name, check, 30_000);

  it("answers digests of sealed spans by one statement, however many windows are asked for", async () => {
    const { texts, database } = recorded(rig.database);
    const source = bookIn({ ...rig, database }, await rig.fill(amounts(book(400))));
    await source.seal?.(day);
    texts.length = 0;

    const digests = await source.digest([
      whole,
      wholeSpan(startMs, startMs + hourMs),
      { ...wholeSpan(startMs, startMs + hourMs), toBucket: 2 ** 30 },
      { ...wholeSpan(startMs, startMs + hourMs), toBucket: 12_345_678 },
    ]);

    expect(digests[0]?.count).toBe(400);
    expect(texts).toHaveLength(1);
    expect(texts[0]).not.toMatch(/book_/);
  });

  it("tells of a sealed span what was sealed, at its home what is there now", async () => {
    const table = await rig.fill(amounts(book(50)));
    const source = bookIn(rig, table);
    expect(await source.seal?.(day)).toEqual({ itemsRead: 50 });
    const [before] = await source.digest([whole]);

    await rig.database.query(`UPDATE ${table} SET amount = -1 WHERE id = 'transfer-7'`, []);
    await rig.database.query(`DELETE FROM ${table} WHERE id = 'transfer-8'`, []);

    expect(await source.digest([whole])).toEqual([before]);
    expect(await source.lookup(["transfer-7", "transfer-8"])).toMatchObject([
      [{ fields: { amount: -1 } }],
      [],
    ]);
    expect(await source.seal?.(day)).toEqual({ itemsRead: 49 });
    expect((await source.digest([whole]))[0]?.count).toBe(49);
  });

  it("tells a field as it is hashed, of whatever type its column is", async () => {
    const table = `odd_${Math.abs(startMs)}`;
    const isPostgres = rig.database.dialect === "postgres";
    const columns = isPostgres
      ? [
          "at timestamptz",
          "amount numeric(12,2)",
          "small float8",
          "is_open boolean",
          "whole bigint",
          "body jsonb",
        ]
      : ["at TEXT", "amount NUMERIC", "small REAL", "is_open INTEGER", "whole INTEGER", "body TEXT"];
    await rig.database.query(`CREATE TABLE ${table} (id text, at_ms bigint, ${columns.join(", ")})`, []);
    await rig.database.query(
      `INSERT INTO ${table} VALUES ('a', ${startMs}, '2026-01-01T00:00:00Z', 12.50, 0.00001, ${isPostgres ? "true" : 1}, 9007199254740993, '{"b": 1}')`,
      [],
    );
    const fields = Object.fromEntries(
      ["at", "amount", "small", "is_open", "whole", "body"].flatMap((sql) => [
        [`${sql} as text`, { sql, type: "string" as const }],
        ...(["amount", "small", "whole"].includes(sql)
          ? [[`${sql} as number`, { sql, type: "number" as const }] as const]
          : []),
      ]),
    );
    const source = sqlSource({
      name: table,
      database: rig.database,
      table,
      key: "id",
      time: "at_ms",
      fields,
    });
    const hour = wholeSpan(startMs, startMs + hourMs);

    for (const seal of [false, true]) {
      if (seal) await source.seal?.(hour);
      const { entries } = await source.entries(hour);
      expect(entries).toEqual((await source.lookup(["a"])).flat());
      expect(await source.digest([hour])).toEqual([
        digestOf(entries.map((entry) => entryHash(entry, hourMs))),
      ]);
    }
  });

  it("names keys that are there too often to be looked up", async () => {
    const again = { key: "again", timeMs: startMs, fields: { account: null, amount: 1, open: null } };
    const source = bookIn(
      rig,
      await rig.fill([...amounts(book(3)), ...Array.from({ length: 20_001 }, () => again)]),
    );

    await expect(source.lookup(["again"])).rejects.toThrow(/more than 20000 entries of 1 keys \("again"\)/);
    expect((await source.lookup(["transfer-1"])).flat()).toHaveLength(1);
  });

  it("does not believe a sealing that was killed before it was through", async () => {
    const entries = amounts(book(300));
    const table = await rig.fill(entries);
    const source = bookIn(rig, table);
    const right = indexedEntries({ name: "right", entries, spanMs: hourMs });
    await source.seal?.(day);
    const hour = wholeSpan(startMs, startMs + hourMs);
    // As it is when one statement of three has not been run.
    await rig.database.query(
      `DELETE FROM omnibus_windows WHERE source = '${table}@${hourMs}' AND level = 0 AND span = ${startMs / hourMs}`,
      [],
    );
    await rig.database.query(
      `DELETE FROM omnibus_windows WHERE source = '${table}@${hourMs}' AND level > 0 AND span = ${startMs / hourMs} AND bucket > ${2 ** 31}`,
      [],
    );

    for (const windows of [
      splitWindow(hour, hourMs),
      [hour],
      splitWindow(whole, hourMs),
      [{ ...hour, fromBucket: 5 }],
    ]) {
      expect(await source.digest(windows)).toEqual(await right.digest(windows));
    }
    expect((await source.keys?.(hour))?.keys.length).toBe((await right.entries(hour)).entries.length);
  });

  it("takes whole numbers as keys, expressions as fields, and a part of the rows", async () => {
    const entries = Array.from({ length: 40 }, (_, index) => ({
      key: String(index),
      timeMs: startMs + index,
      fields: { amount: index },
    }));
    const table = await rig.fill(entries);
    const bigint = rig.database.dialect === "postgres" ? "bigint" : "INTEGER";
    await rig.database.query(
      `CREATE VIEW numbered_${table} AS SELECT CAST(id AS ${bigint}) AS n, * FROM ${table}`,
      [],
    );
    const source = sqlSource({
      name: "numbered",
      database: rig.database,
      table: `numbered_${table}`,
      key: "n",
      keyType: "integer",
      time: rig.database.dialect === "postgres" ? "at" : "at_ms",
      timeType: rig.database.dialect === "postgres" ? "timestamp" : "milliseconds",
      fields: { double: { sql: "amount * 2", type: "number" } },
      where: "amount >= 10",
    });
    const right = indexedEntries({
      name: "right",
      entries: entries.slice(10).map((entry) => ({ ...entry, fields: { double: 2 * entry.fields.amount } })),
      spanMs: hourMs,
    });

    expect(brief(await findings(source, right))).toEqual([]);
    await source.seal?.(day);
    expect(brief(await findings(source, right))).toEqual([]);
    expect((await source.entries(whole)).entries).toHaveLength(30);
    expect(await source.lookup(["9", "10", "010", "abc", "1e1"])).toMatchObject([
      [],
      [{ key: "10" }],
      [],
      [],
      [],
    ]);
  });

  it("names the database's own error, and goes on when it is well again", async () => {
    let broken = true;
    const database: SqlDatabase = {
      ...rig.database,
      query: (text, parameters) =>
        broken ? Promise.reject(new Error("too many connections")) : rig.database.query(text, parameters),
    };
    const source = bookIn({ ...rig, database }, await rig.fill(amounts(book(20))));

    expect(brief(await findings(source, source))).toEqual(["unknown source-failed"]);
    broken = false;
    expect(brief(await findings(source, source))).toEqual([]);
  });
});

describe("sqlSource", () => {
  it("scans rows for the differences and not for the data, by PostgreSQL's own plan", async () => {
    const scanned = async (count: number) => {
      const entries = amounts(book(count));
      const right = await postgres.fill(entries);
      await postgres.database.query(
        `UPDATE ${right} SET amount = -1 WHERE id IN ('transfer-7', 'transfer-70')`,
        [],
      );
      const { statements, database } = recorded(postgres.database);
      const sides: readonly LedgerSource[] = [
        indexedEntries({ name: "left", entries, spanMs: hourMs }),
        bookIn({ ...postgres, database }, right),
      ];
      await sides[1]?.seal?.({ fromMs: startMs, toMs: startMs + 48 * hourMs });
      await postgres.pglite.exec("ANALYZE");
      statements.length = 0;
      const found = await findings(sides[0] as LedgerSource, sides[1] as LedgerSource);
      expect(brief(found)).toEqual(["mismatch transfer-7", "mismatch transfer-70"]);
      let rows = 0;
      for (const statement of statements) rows += await rowsScanned(postgres.pglite, statement);
      return rows;
    };

    const few = await scanned(1_500);
    const many = await scanned(12_000);

    expect(many).toBeLessThan(400);
    expect(many).toBeLessThan(3 * few);
  }, 120_000);

  it("calls nothing late whose time SQLite keeps as a text, and none can be compared", async () => {
    const entries = amounts(book(3));
    const rig = sqliteRig();
    const table = await rig.fill(entries);
    for (const { key, timeMs } of entries) {
      await rig.database.query(`UPDATE ${table} SET at_ms = ? WHERE id = ?`, [
        new Date(timeMs).toISOString(),
        key,
      ]);
    }

    const found = await findings(
      indexedEntries({ name: "left", entries, spanMs: hourMs }),
      bookIn(rig, table),
    );

    expect(found).toMatchObject(
      entries.map(() => ({
        fault: { code: "source-time", message: expect.stringContaining("has the time NaN") },
      })),
    );
    await rig.close();
  });

  it("seals a full span part by part, with one sum for a key that is in several", async () => {
    const entries = Array.from({ length: 25_000 }, (_, index) => ({
      key: index % 5_000 === 0 ? "again" : `transfer-${index}`,
      timeMs: startMs + index * 100,
      fields: { account: null, amount: index % 5_000 === 0 ? 1 : index, open: null },
    }));
    const rig = sqliteRig();
    const { texts, database } = recorded(rig.database);
    const source = bookIn({ ...rig, database }, await rig.fill(entries));
    const right = indexedEntries({ name: "right", entries, spanMs: hourMs });
    const hour = wholeSpan(startMs, startMs + hourMs);
    // Sixteen parts on every grid that rows are kept of, and on finer ones; several spans at once, and off all grids.
    const windows = [28, 24, 20, 16, 12, 0].flatMap((bits) =>
      Array.from({ length: 16 }, (_, nth) => ({
        ...hour,
        fromBucket: nth * 2 ** bits,
        toBucket: (nth + 1) * 2 ** bits,
      })),
    );
    windows.push(whole, { ...whole, toBucket: 2 ** 28 }, { ...whole, fromBucket: 77, toBucket: 2 ** 31 + 5 });

    expect(await source.seal?.({ fromMs: startMs, toMs: startMs + hourMs })).toEqual({ itemsRead: 25_000 });
    await source.seal?.(day);

    expect(texts.filter((text) => text.includes("ON CONFLICT")).length).toBeGreaterThanOrEqual(2 * 3);
    expect(await source.digest(windows)).toEqual(await right.digest(windows));
    expect(await source.lookup(["again"])).toEqual(await right.lookup(["again"]));
    await rig.close();
  });

  it("refuses what a database does not have", () => {
    const rig = sqliteRig();
    const table = {
      name: "x",
      database: rig.database,
      table: "t",
      key: "id",
      time: "at",
      fields: {},
    } as const;

    expect(() => sqlSource({ ...table, timeType: "timestamp" })).toThrow(/"milliseconds" is allowed/);
    expect(() => sqlSource({ ...table, fields: { cents: { sql: "c", type: "money" as "number" } } })).toThrow(
      /"cents".*"money".*string, number or boolean/,
    );
  });
});

/** A book whose fields fit the tables of the rigs. */
function amounts(entries: readonly Entry[]): readonly Entry[] {
  return entries.map(({ fields: { cents, to }, ...entry }) => ({
    ...entry,
    fields: { account: to ?? null, amount: cents ?? null, open: null },
  }));
}

/** What a database is asked. */
function recorded(database: SqlDatabase) {
  const statements: { readonly text: string; readonly parameters: readonly string[] }[] = [];
  const texts: string[] = [];
  const wrapped: SqlDatabase = {
    ...database,
    query: (text, parameters) => {
      statements.push({ text, parameters });
      texts.push(text);
      return database.query(text, parameters);
    },
  };
  return { statements, texts, database: wrapped };
}
