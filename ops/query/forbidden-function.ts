/**
 * Functions that a `SELECT` can call and that do more than answer: they write logs or checkpoints, change settings, run SQL that is
 * only made then, or read memory by its address. No setting of DuckDB turns them off, and some end the whole process.
 */
const names =
  /\b(arrow_scan\w*|seq_scan|(?:enable|disable)_(?:logging|profil\w*|verif\w*|checkpoint\w*|object_cache|optimizer)|truncate_duckdb_logs|write_log|(?:force_)?checkpoint|json_execute_serialized_sql|import_database|copy_database)\b/i;
/** An everyday word elsewhere: only as a function. */
const query = /\bquery"?(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*\(/i;

/** The name of one of them in a question, wherever it stands there; `undefined` where there is none. */
export function forbiddenFunction(sql: string): string | undefined {
  return names.exec(sql)?.[0] ?? (query.test(sql) ? "query" : undefined);
}
