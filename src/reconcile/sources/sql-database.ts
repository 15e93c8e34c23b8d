/** What SQL databases are reached by: ten lines over any driver. */
export interface SqlDatabase {
  readonly dialect: SqlDialectName;
  /**
   * Runs one statement and answers its rows, columns by name. Parameters are strings; they stand as `?` in the text for
   * SQLite, as `$1`, `$2`, … for PostgreSQL.
   */
  query(text: string, parameters: readonly string[]): Promise<readonly SqlRow[]>;
}

export type SqlDialectName = "sqlite" | "postgres";
export type SqlRow = Readonly<Record<string, unknown>>;
