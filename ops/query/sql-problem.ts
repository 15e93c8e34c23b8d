import { describeError, OmnibusError } from "../../src/errors.ts";
import { QueryError } from "./query-error.ts";
import { viewColumns, views } from "./views.ts";

/** DuckDB's words for what is no fault of the question. */
const ours = /^(Out of Memory|IO|INTERNAL|FATAL|Connection|TransactionContext) Error/i;
/** A name that is not there. */
const unknownName = /^(Binder|Catalog) Error/;

/** What DuckDB has against a question, as a `QueryError`: its message with the place, and the names that there are. */
export function sqlProblem(thrown: unknown, sql: string): Error {
  if (thrown instanceof OmnibusError) return thrown;
  const message = describeError(thrown)
    .message.replace(/^Error: /, "")
    .replace(/^Failed to extract statements: /, "");
  if (ours.test(message)) {
    const hint = /^Out of Memory/i.test(message)
      ? "\nAsk for less at a time: a shorter --from and --to, fewer columns"
      : "";
    return new QueryError("query-failed", `${message}${hint}`, { cause: thrown });
  }
  if (/^Permission Error/.test(message)) {
    return new QueryError(
      "sql",
      `${message}\nA question can read ${views.map(({ name }) => name).join(", ")}, and no files`,
      { cause: thrown },
    );
  }
  return new QueryError("sql", unknownName.test(message) ? `${message}\n${namesText(sql)}` : message, {
    cause: thrown,
  });
}

/** The views there are; of those that the question names, the columns. */
function namesText(sql: string): string {
  const named = views.filter(({ name }) => new RegExp(`\\b${name}\\b`, "i").test(sql));
  const kinds = new Set(named.map(({ kind }) => kind));
  return [
    `There is ${views.map(({ name }) => name).join(", ")} (bus query --schema)`,
    ...[...kinds].map(
      (kind) => `Columns of ${kind}: ${viewColumns[kind].map(({ name }) => name).join(", ")}`,
    ),
  ].join("\n");
}
