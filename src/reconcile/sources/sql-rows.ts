import { buckets, type Entry } from "../../digest/index.ts";
import { SettingsError } from "../../errors.ts";
import type { SqlDialectName, SqlRow } from "./sql-database.ts";
import { dialects, fieldValue } from "./sql-dialect.ts";
import type { SqlField, SqlKeyType, SqlTable } from "./sql-table.ts";

/** The parts of statements that `sqlRows` makes. */
export type SqlRows = ReturnType<typeof sqlRows>;

/** The parts of statements about one table, in one dialect. Rows go by the alias `u`. */
export function sqlRows(table: SqlTable, dialectName: SqlDialectName, spanMs: number) {
  const { keyType = "text", timeType = "milliseconds", where } = table;
  const sql = dialects[dialectName];
  const column = (name: string) => `u.${name}`;
  const fields: readonly SqlField[] = Object.entries(table.fields).map(([name, field]) => ({
    name,
    ...field,
  }));
  for (const { name, type } of fields) {
    if (["string", "number", "boolean"].includes(type)) continue;
    throw new SettingsError(
      "sql-field",
      `field ${JSON.stringify(name)} has the type ${JSON.stringify(type)}; string, number or boolean is allowed`,
    );
  }
  const millis = sql.millis(column(table.time), timeType);
  const key = sql.keyText(column(table.key));
  const span = `((${millis}) / ${spanMs})`;
  const bucket = sql.word(sql.hash(key, span, fields), 0);
  const meant = `${column(table.key)} IS NOT NULL${where === undefined ? "" : ` AND (${where})`}`;
  const time = column(table.time);

  return {
    from: `${table.table} AS u`,
    key,
    span,
    hash: sql.hash(key, span, fields),
    bucket,
    /** Rows from one time to another; what bounds them is SQL of milliseconds. */
    between: (from: string | number, to: string | number) =>
      `${meant} AND ${time} >= ${sql.timeAt(String(from), timeType)} AND ${time} < ${sql.timeAt(String(to), timeType)}`,
    inBuckets: (from: number, to: number) =>
      from <= 0 && to >= buckets ? "" : ` AND ${bucket} >= ${from} AND ${bucket} < ${to}`,
    hasKey: (text: string) => sql.keyEquals(column(table.key), keyType, text),
    isOneOf: (jsonArray: string) =>
      `${meant} AND ${time} IS NOT NULL AND ${sql.keyIn(column(table.key), keyType, jsonArray)}`,
    /** What `entryOf` reads. */
    columns: [
      `${key} AS entry_key`,
      `${millis} AS entry_ms`,
      ...fields.map((field, index) => `${sql.fieldColumn(field)} AS field_${index}`),
    ].join(", "),
    /** So that pages stay the same: by all there is. */
    order: ["entry_key", "entry_ms", ...fields.map((_, index) => `field_${index}`)].join(", "),
    entryOf: (row: SqlRow): Entry => ({
      key: String(row.entry_key),
      timeMs: Number(row.entry_ms ?? Number.NaN),
      fields: Object.fromEntries(
        fields.map(({ name, type }, index) => [name, fieldValue(type, row[`field_${index}`])]),
      ),
    }),
    /** Whether the key column could hold it: what it cannot hold is not there, and would make the statement fail. */
    couldHold: (text: string) => text.isWellFormed() && !text.includes("\0") && shapes[keyType].test(text),
  };
}

const shapes: Readonly<Record<SqlKeyType, RegExp>> = {
  text: /^/,
  integer: /^(0|-?[1-9]\d{0,17})$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};
