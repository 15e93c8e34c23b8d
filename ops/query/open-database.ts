import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";
import { OmnibusError } from "../../src/errors.ts";
import { type Cell, cellOf } from "./cell.ts";
import { type DuckDB, loadDuckdb } from "./load-duckdb.ts";
import { prepareQuestion } from "./prepare-question.ts";
import { sqlProblem } from "./sql-problem.ts";
import { athenaMacros, dropStatements, quoted, viewStatements } from "./view-sql.ts";
import { kindsIn, type View } from "./views.ts";
import { whenAborted } from "./when-aborted.ts";

/** A column of an answer. */
export interface AnswerColumn {
  readonly name: string;
  /** DuckDB's word for it. */
  readonly type: string;
}

/** The answer to a question: some rows at a time, as they are found. Read once. */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  readonly pages: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** DuckDB in this process, over the files of one folder. */
export interface Database {
  /**
   * Looks at a question without asking it: which kinds it needs. Throws `QueryError` (`sql`) for one that is wrong, or that is
   * no `SELECT`.
   */
  check(sql: string): Promise<readonly View["kind"][]>;
  /** Has the views show what is in these files; those of the other kinds are gone. */
  show(files: Partial<Readonly<Record<View["kind"], readonly string[]>>>): Promise<void>;
  /** Asks; one question at a time, its answer read before the next. Throws `QueryError`, and `OmnibusError` (`interrupted`) when `signal` aborts. */
  ask(sql: string, signal?: AbortSignal): Promise<Answer>;
  close(): void;
}

export interface DatabaseOptions {
  /** There already: the only files that a question can reach, and where what does not fit into memory goes. */
  readonly folder: string;
  /** @default 1,024: what leaves room for others on a laptop */
  readonly memoryMb?: number;
  readonly threads?: number;
  readonly load?: () => Promise<DuckDB>;
  readonly clock?: Clock;
}

const kinds: readonly View["kind"][] = ["archive", "journal"];

/**
 * Opens a database with the views, still empty. From then on nothing outside of the folder can be read, nothing be installed and no
 * setting be changed: a question may come from anywhere. Throws `QueryError` (`package-missing`).
 */
export async function openDatabase({
  folder,
  memoryMb = 1_024,
  threads = availableParallelism(),
  load,
  clock = systemClock,
}: DatabaseOptions): Promise<Database> {
  const duckdb = await loadDuckdb(load);
  const spill = join(folder, "spill");
  mkdirSync(spill, { recursive: true, mode: 0o700 });
  const instance = await duckdb.DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    temp_directory: spill,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
  });
  const connection = await instance.connect();
  const setUp = [
    ...athenaMacros,
    ...kinds.flatMap((kind) => viewStatements(kind, [])),
    // What has no zone is UTC here, and so `now()` can be compared with it.
    "SET TimeZone = 'UTC'",
    `SET allowed_directories = [${quoted(join(folder, "/"))}]`,
    "SET enable_external_access = false",
    "SET lock_configuration = true",
  ];
  for (const sql of setUp) await connection.run(sql);
  /** Ends the watch over the question that is being answered. */
  let unwatch = () => {};

  return {
    async check(sql) {
      (await prepareQuestion(duckdb, connection, sql)).destroySync();
      return kindsIn(sql);
    },
    async show(files) {
      for (const kind of kinds) {
        const shown = files[kind];
        const statements = shown ? viewStatements(kind, shown) : dropStatements(kind);
        for (const sql of statements) await connection.run(sql);
      }
    },
    async ask(sql, signal) {
      const explained = (thrown: unknown) =>
        signal?.aborted
          ? new OmnibusError("interrupted", "the question was ended", { cause: thrown })
          : sqlProblem(thrown, sql);
      if (signal?.aborted) throw explained(signal.reason);
      try {
        const statement = await prepareQuestion(duckdb, connection, sql);
        unwatch = whenAborted(signal, () => connection.interrupt(), clock);
        const result = await statement.stream();
        const types = result.columnTypes();
        const columns = result
          .deduplicatedColumnNames()
          .map((name, index) => ({ name, type: types[index]?.alias ?? String(types[index]) }));
        const pages = async function* () {
          try {
            for await (const rows of result.yieldRows()) {
              yield rows.map((row) => row.map((value, at) => cellOf(value, columns[at]?.type === "JSON")));
            }
          } catch (thrown) {
            throw explained(thrown);
          } finally {
            unwatch();
            statement.destroySync();
          }
        };
        return { columns, pages: pages() };
      } catch (thrown) {
        unwatch();
        throw explained(thrown);
      }
    },
    close() {
      unwatch();
      connection.closeSync();
      instance.closeSync();
    },
  };
}
