import type { FieldValue } from "../../digest/index.ts";
import { SettingsError } from "../../errors.ts";
import type { SqlDialectName } from "./sql-database.ts";
import type { SqlField, SqlKeyType, SqlTimeType } from "./sql-table.ts";
import { hashFunction } from "./sqlite-functions.ts";

/** Where SQLite and PostgreSQL say one thing in two ways. Arguments and answers are SQL, unless they say otherwise. */
export interface SqlDialect {
  /** The `nth` parameter of a statement, from 1. */
  parameter(nth: number): string;
  keyText(column: string): string;
  /** Whether a column is one of the keys in a JSON array. */
  keyIn(column: string, type: SqlKeyType, jsonArray: string): string;
  keyEquals(column: string, type: SqlKeyType, text: string): string;
  /** A field as it is told: of the same type as it is hashed, whatever the column's is. */
  fieldColumn(field: SqlField): string;
  /** A time column in milliseconds. */
  millis(column: string, type: SqlTimeType): string;
  /** Milliseconds as what a time column is compared with, so that its index serves. */
  timeAt(millis: string, type: SqlTimeType): string;
  /** All there is to hash about an entry, in a form that `word` takes. */
  hash(key: string, span: string, fields: readonly SqlField[]): string;
  /** One of six numbers of 32 bits out of a hash: bucket, 32 bits more of the key's hash, four words of the entry's. */
  word(hash: string, nth: number): string;
}

/** What a driver's value is as a field. */
export function fieldValue(type: SqlField["type"], value: unknown): FieldValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "string":
      return String(value);
    case "number":
      return Number(value);
    case "boolean":
      return typeof value === "boolean" ? value : Number(value) !== 0;
  }
}

const fieldCast: Readonly<Record<SqlField["type"], string>> = {
  string: "text",
  number: "float8",
  boolean: "boolean",
};
const keyCast: Readonly<Record<SqlKeyType, string>> = { text: "text", integer: "bigint", uuid: "uuid" };

const postgres: SqlDialect = {
  parameter: (nth) => `$${nth}`,
  keyText: (column) => `${column}::text`,
  keyIn: (column, type, array) =>
    `${column} = ANY (ARRAY(SELECT json_array_elements_text(${array}::json))::${keyCast[type]}[])`,
  keyEquals: (column, type, text) => `${column} = ${text}::${keyCast[type]}`,
  fieldColumn: ({ sql, type }) => `(${sql})::${fieldCast[type]}`,
  millis: (column, type) =>
    type === "timestamp" ? `floor(extract(epoch FROM ${column}) * 1000)::bigint` : `${column}::bigint`,
  timeAt: (millis, type) => (type === "timestamp" ? `to_timestamp((${millis}) / 1000.0)` : `(${millis})`),
  hash: (key, span, fields) =>
    `sha256(convert_to(${key}, 'UTF8')) || sha256(convert_to(${key} || E'\\n' || ${span} || E'\\n' || ${jsonOf(fields)} || E'\\n', 'UTF8'))`,
  word: (hash, nth) => {
    // The first eight bytes are of the key's hash, the sixteen from the 32nd on of the entry's.
    const at = nth < 2 ? nth * 4 : 32 + (nth - 2) * 4;
    const byte = (offset: number) => `get_byte(${hash}, ${at + offset})`;
    return `((${byte(0)}::bigint << 24) | (${byte(1)} << 16) | (${byte(2)} << 8) | ${byte(3)})`;
  },
};

/** The RFC 8785 JSON of the fields. PostgreSQL's `to_json` of a string is that of RFC 8785; its numbers are not. */
function jsonOf(fields: readonly SqlField[]): string {
  const members = [...fields]
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, sql, type }, index) => {
      const label = `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`.replaceAll("'", "''");
      return `'${label}' || coalesce(${jsonValue[type](`(${sql})`)}, 'null')`;
    });
  return members.length === 0 ? "'{}'" : `${members.join(" || ")} || '}'`;
}

const jsonValue: Readonly<Record<SqlField["type"], (sql: string) => string>> = {
  string: (sql) => `to_json(${sql}::text)::text`,
  boolean: (sql) => `${sql}::boolean::text`,
  // ECMAScript writes a number without an exponent from 1e-6 to below 1e21, and exponents without leading zeros.
  number: (sql) => {
    const value = `${sql}::float8`;
    return `CASE WHEN ${value} = 0 THEN '0'
      WHEN abs(${value}) >= 1e-6 AND abs(${value}) < 1e21 THEN trim_scale(${value}::text::numeric)::text
      ELSE regexp_replace(${value}::text, 'e([+-])0+', 'e\\1') END`;
  },
};

const sqlite: SqlDialect = {
  parameter: () => "?",
  keyText: (column) => `CAST(${column} AS TEXT)`,
  keyIn: (column, type, array) =>
    `${column} IN (SELECT ${type === "integer" ? "CAST(value AS INTEGER)" : "value"} FROM json_each(${array}))`,
  keyEquals: (column, type, text) => `${column} = ${type === "integer" ? `CAST(${text} AS INTEGER)` : text}`,
  // What is hashed is made of the very value that is told.
  fieldColumn: ({ sql }) => `(${sql})`,
  millis: (column, type) => {
    // A cast makes 2026 of "2026-11-27", which is a time: what is no number is none.
    if (type === "milliseconds")
      return `CASE WHEN typeof(${column}) IN ('integer', 'real') THEN CAST(${column} AS INTEGER) END`;
    throw new SettingsError(
      "sql-time",
      `the time column ${column} is a "timestamp", which SQLite does not have; "milliseconds" is allowed: keep an integer of milliseconds since the epoch`,
    );
  },
  timeAt: (millis) => `(${millis})`,
  hash: (key, span, fields) => {
    const values = fields.flatMap(({ name, sql, type }) => [
      `'${name.replaceAll("'", "''")}'`,
      `'${type}'`,
      `(${sql})`,
    ]);
    return `${hashFunction}(${[key, span, ...values].join(", ")})`;
  },
  // A JSON array, which SQLite itself takes apart: every call of a registered function costs time and memory.
  word: (hash, nth) => `(${hash} ->> ${nth})`,
};

export const dialects: Readonly<Record<SqlDialectName, SqlDialect>> = { sqlite, postgres };
