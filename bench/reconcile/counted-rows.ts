import type { PGlite } from "@electric-sql/pglite";
import type { SqlDatabase, SqlRow } from "../../src/reconcile/index.ts";
import { rowsScanned } from "./rows-scanned.ts";

/** What PostgreSQL did. */
export interface Scanned {
  /** Rows of tables and indexes that it looked at, by its own plans. */
  rows: number;
  /** How long statements took, without what it takes to explain them. */
  ms: number;
}

/**
 * A PostgreSQL whose every statement is run a second time for its plan, or, where it writes, is run for its plan alone: so
 * many rows were looked at, whoever asked.
 */
export function countedRows(pglite: PGlite, scanned: Scanned): SqlDatabase {
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const beforeMs = performance.now();
    const answer = await work();
    scanned.ms += performance.now() - beforeMs;
    return answer;
  };
  const query = async (text: string, parameters: readonly string[]): Promise<readonly SqlRow[]> => {
    const run = async () => (await pglite.query<SqlRow>(text, [...parameters])).rows;
    if (/^\s*CREATE /.test(text)) return run();
    const explain = () => rowsScanned(pglite, { text, parameters });
    const isWrite = /\b(INSERT INTO|DELETE FROM)\b/.test(text);
    const rows = isWrite ? await timed(explain) : await explain();
    scanned.rows += rows;
    return isWrite ? [] : timed(run);
  };
  // One after the other, as PGlite does them anyway: so each one's time is its own.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    dialect: "postgres",
    query: (text, parameters) => {
      const answer = turn.then(() => query(text, parameters));
      turn = answer.catch(() => undefined);
      return answer;
    },
  };
}
