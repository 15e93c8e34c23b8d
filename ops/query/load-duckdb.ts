import { QueryError } from "./query-error.ts";

/** The release that the settings below were tried on. */
export const duckdbVersion = "1.5.6-r.1";

export type DuckDB = typeof import("@duckdb/node-api");

/** Loads DuckDB. Throws `QueryError` (`package-missing`) with the line that installs it. */
export async function loadDuckdb(
  load: () => Promise<DuckDB> = () => import("@duckdb/node-api"),
): Promise<DuckDB> {
  try {
    return await load();
  } catch (cause) {
    const { code, message = "" } = cause as { code?: string; message?: string };
    const isMissing = /(MODULE_NOT_FOUND)$/.test(code ?? "") && message.includes("@duckdb/");
    if (!isMissing) throw cause;
    throw new QueryError(
      "package-missing",
      `questions are answered by DuckDB, which is not installed: npm install --save-dev @duckdb/node-api@${duckdbVersion}`,
      { cause },
    );
  }
}
