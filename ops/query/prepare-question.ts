import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { forbiddenFunction } from "./forbidden-function.ts";
import type { DuckDB } from "./load-duckdb.ts";
import { QueryError } from "./query-error.ts";
import { sqlProblem } from "./sql-problem.ts";

/** Prepares a question: one statement, and one that only reads. Throws `QueryError` (`sql`). */
export async function prepareQuestion(
  { StatementType }: DuckDB,
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  const forbidden = forbiddenFunction(sql);
  if (forbidden !== undefined) {
    throw new QueryError(
      "sql",
      `${forbidden} is not allowed in a question: it does more than answer one (also as a name in it: call it otherwise)`,
    );
  }
  let count = 0;
  let statement: DuckDBPreparedStatement | undefined;
  try {
    // DuckDB has no words of its own for a text without a statement.
    const isEmpty = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, "").replace(/[\s;]/g, "") === "";
    const found = isEmpty ? undefined : await connection.extractStatements(sql);
    count = found?.count ?? 0;
    if (count === 1) statement = await found?.prepare(0);
  } catch (thrown) {
    throw sqlProblem(thrown, sql);
  }
  if (!statement) {
    throw new QueryError(
      "sql",
      count === 0
        ? 'there is no question: give one SELECT, as in "select count(*) from archive"'
        : `${count} statements; one SELECT is allowed (a PIVOT names its values: pivot … on type in ('order.created'))`,
    );
  }
  if (statement.statementType === StatementType.SELECT && statement.parameterCount === 0) return statement;
  const { statementType, parameterCount } = statement;
  statement.destroySync();
  throw new QueryError(
    "sql",
    parameterCount > 0
      ? "the question has parameters (?, $1), and nothing fills them in: write the values into it"
      : `only a SELECT is answered, and this is ${article(StatementType[statementType])}: archive and journal are never changed`,
  );
}

function article(word = "something else"): string {
  return `${/^[AEIOU]/.test(word) ? "an" : "a"} ${word}`;
}
