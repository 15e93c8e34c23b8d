import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { loadDuckdb } from "../../../ops/query/load-duckdb.ts";
import { type Database, openDatabase } from "../../../ops/query/open-database.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const folder = temporaryFolder();
const inside = join(folder, "inside");
const secret = join(folder, "secret.csv");
let database: Database;

beforeAll(async () => {
  mkdirSync(inside);
  writeFileSync(secret, "name,password\nada,swordfish\n");
  database = await openDatabase({ folder: inside });
  await database.show({ archive: [], journal: [] });
});
afterAll(() => database?.close());

/** What is said against a question, by looking at it and by asking it. */
async function problems(sql: string): Promise<readonly { code: string; message: string }[]> {
  const read = async () => {
    const rows = [];
    for await (const page of (await database.ask(sql)).pages) rows.push(...page);
    return rows;
  };
  return Promise.all(
    [database.check(sql), read()].map((work) =>
      work.then(
        (answer) => ({ code: "answered", message: JSON.stringify(answer) }),
        (thrown) => thrown as { code: string; message: string },
      ),
    ),
  );
}

describe("a question", () => {
  it.each([
    `select * from read_csv('${secret}')`,
    `select * from '${secret}'`,
    `select * from read_text('${secret}')`,
    `select * from read_blob('${secret}')`,
    `select * from read_text('${inside}/../secret.csv')`,
    `select * from sniff_csv('${secret}')`,
    `select * from glob('${folder}/*')`,
    `select * from parquet_metadata('${secret}')`,
    "select * from read_text('/etc/passwd')",
    "select * from read_csv('https://example.com/x.csv')",
  ])("reads no file: %s", async (sql) => {
    const [looked, asked] = await problems(sql);

    expect(asked?.code).toBe("sql");
    expect(`${looked?.message} ${asked?.message}`).not.toContain("swordfish");
  });

  it.each([
    [`copy (select 1) to '${inside}/out.csv'`, "this is a COPY"],
    [`copy (select 1) to '${folder}/out.csv'`, "file system operations are disabled"],
    [`attach '${inside}/other.db'`, "this is an ATTACH"],
    [`export database '${inside}/all'`, "this is an EXPORT"],
    ["create table t as select 1", "this is a CREATE"],
    ["create or replace view archive as select 1", "this is a CREATE"],
    ["drop view archive", "this is a DROP"],
    ["delete from archive", "Can only delete from base table"],
    ["insert into archive select * from archive", "archive is not an table"],
    ["set memory_limit = '100GB'", "this is a SET"],
    ["set enable_external_access = true", "this is a SET"],
    ["install httpfs", "this is a LOAD"],
    ["load httpfs", "this is a LOAD"],
    ["pragma enable_profiling", "enable_profiling is not allowed"],
    ["call pragma_version()", "this is a CALL"],
    ["explain analyze select 1", "this is an EXPLAIN"],
    ["select * from query('drop view archive')", "query is not allowed in a question"],
    [`select * from "query"/* */('select 1')`, "query is not allowed in a question"],
    [
      `select * from enable_logging('QueryLog', storage = 'file', storage_path = '${folder}/log')`,
      "enable_logging is not allowed in a question",
    ],
    ["select * from arrow_scan(1, 2, 3)", "arrow_scan is not allowed in a question"],
    ["select * from force_checkpoint()", "force_checkpoint is not allowed in a question"],
    ["select 1; drop view archive", "2 statements; one SELECT is allowed"],
    ["pivot archive on type using count(*)", "2 statements; one SELECT is allowed (a PIVOT names its values"],
    ["select $1", "the question has parameters"],
    ["", "there is no question: give one SELECT"],
    [" ; -- nothing\n/* at all */", "there is no question: give one SELECT"],
  ])("changes nothing: %j", async (sql, words) => {
    for (const problem of await problems(sql)) {
      expect(problem).toMatchObject({ code: "sql", message: expect.stringContaining(words) });
    }
    expect(existsSync(join(inside, "out.csv"))).toBe(false);
    expect((await problems("select count(*) from archive"))[1]).toEqual({
      code: "answered",
      message: "[[0]]",
    });
  });

  it.each([
    [
      "select type, nosuch from archive",
      /Referenced column "nosuch" not found.*LINE 1: select type, nosuch from archive\n {21}\^.*Columns of archive: time, published, topic/s,
    ],
    [
      "select * from orders",
      /Table with name orders does not exist.*There is archive, archive_all, journal, journal_all/s,
    ],
    ["select *\nfrom archive\nwhere tipe = 1", /LINE 3: where tipe = 1/],
    ["selct 1", /syntax error at or near "selct"\n\nLINE 1: selct 1/],
    ["select count(* from archive", /syntax error/],
  ])("that is wrong is answered with the place, and what there is: %j", async (sql, words) => {
    for (const problem of await problems(sql)) {
      expect(problem).toMatchObject({ code: "sql", message: expect.stringMatching(words) });
    }
  });

  it("may use what reads: with, values, from first, describe, summarize, pivot with its values", async () => {
    for (const sql of [
      "with a as (select * from archive) select count(*) from a",
      "values (1), (2)",
      "from archive select count(*);",
      "describe journal",
      "summarize archive",
      "pivot archive on type in ('order.created') using count(*) group by topic",
      "select 'archive; drop view archive' as text, 'a query' as query -- a comment",
    ]) {
      expect((await problems(sql)).map(({ code }) => code)).toEqual(["answered", "answered"]);
    }
  });
});

describe("openDatabase", () => {
  it("tells which kinds a question needs", async () => {
    expect(await database.check("select count(*) from archive")).toEqual(["archive"]);
    expect(await database.check('select count(*) from "JOURNAL_ALL"')).toEqual(["journal"]);
    expect(await database.check("select 1 from archive_all, journal")).toEqual(["archive", "journal"]);
    expect(await database.check("select 1")).toEqual([]);
  });

  it("has no view that nothing was fetched for", async () => {
    const other = await openDatabase({ folder: inside });
    await other.show({ journal: [] });

    await expect(other.ask("select count(*) from query_table('arch' || 'ive')")).rejects.toThrow(
      "Table with name archive does not exist",
    );
    expect((await other.ask("select count(*) from journal")).columns).toEqual([
      { name: "count_star()", type: "BIGINT" },
    ]);
    other.close();
  });

  it("tells columns of one name apart", async () => {
    const { columns } = await database.ask("select 1 as a, 2 as a, null as b");

    expect(columns.map(({ name }) => name)).toEqual(["a", "a:1", "b"]);
  });

  it("ends a question when it is told to, and says so", async () => {
    const controller = new AbortController();
    const endless =
      "select count(*) from range(1000000) a, range(1000000) b where (a.range * b.range) % 7 = 3";

    const asked = database.ask(endless, controller.signal);
    controller.abort();

    await expect(
      asked.then(async ({ pages }) => {
        for await (const page of pages) expect(page).toEqual([]);
      }),
    ).rejects.toMatchObject({ code: "interrupted" });
    await expect(database.ask("select 1", AbortSignal.abort())).rejects.toMatchObject({
      code: "interrupted",
    });
  });

  it("puts what does not fit into memory into its folder, and says so when even that is too much", async () => {
    const small = await openDatabase({ folder: inside, memoryMb: 64, threads: 1 });
    const sorted =
      "select max(n) from (select range as n, md5(range::text) as t from range(1000000) order by t)";
    const rows = [];
    for await (const page of (await small.ask(sorted)).pages) rows.push(...page);

    expect(rows).toEqual([[999_999]]);
    const huge = "select length(string_agg(repeat('x', 1000), '')) from range(1000000)";
    await expect(
      (async () => {
        for await (const page of (await small.ask(huge)).pages) expect(page).toEqual([]);
      })(),
    ).rejects.toMatchObject({
      code: "query-failed",
      message: expect.stringContaining("Ask for less at a time"),
    });
    small.close();
  }, 60_000);
});

describe("loadDuckdb", () => {
  it("says in one line what to install where it is missing", async () => {
    const missing = Object.assign(new Error("Cannot find package '@duckdb/node-api' imported from …"), {
      code: "ERR_MODULE_NOT_FOUND",
    });

    await expect(loadDuckdb(async () => Promise.reject(missing))).rejects.toMatchObject({
      code: "package-missing",
      message:
        "questions are answered by DuckDB, which is not installed: npm install --save-dev @duckdb/node-api@1.5.6-r.1",
    });
  });

  it("hides no other failure", async () => {
    await expect(loadDuckdb(async () => Promise.reject(new Error("no such symbol")))).rejects.toThrow(
      "no such symbol",
    );
  });
});
