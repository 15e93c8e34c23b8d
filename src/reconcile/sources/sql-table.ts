export type SqlKeyType = "text" | "integer" | "uuid";
export type SqlTimeType = "milliseconds" | "timestamp";

/** A field of the entries: its name, and the SQL that gives it. */
export interface SqlField {
  readonly name: string;
  readonly sql: string;
  readonly type: "string" | "number" | "boolean";
}

/**
 * Where the entries are in a database. All of it is SQL that goes into statements as it stands: settings, never input.
 * Rows without a key or a time are no entries.
 */
export interface SqlTable {
  /** A table or view. */
  readonly table: string;
  /** The column that is the entries' key; it should have an index. */
  readonly key: string;
  /** @default "text" */
  readonly keyType?: SqlKeyType;
  /** The column that is the entries' time; it should have an index. */
  readonly time: string;
  /** An integer of milliseconds since the epoch, or PostgreSQL's `timestamptz`. @default "milliseconds" */
  readonly timeType?: SqlTimeType;
  /** What must be equal on both sides: a column or an expression each, with what type JSON gives it. */
  readonly fields: Readonly<Record<string, { readonly sql: string; readonly type: SqlField["type"] }>>;
  /** Which rows are meant, when not all are. */
  readonly where?: string;
}
