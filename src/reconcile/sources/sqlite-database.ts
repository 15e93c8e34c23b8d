import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { entryHash, type FieldValue, wordOf } from "../../digest/index.ts";
import type { SqlDatabase, SqlRow } from "./sql-database.ts";
import { fieldValue } from "./sql-dialect.ts";
import type { SqlField } from "./sql-table.ts";
import { hashFunction } from "./sqlite-functions.ts";

/**
 * A SQLite file for `sqlSource`, by Node's own `node:sqlite`. SQLite has no SHA-256: a function is registered on this connection,
 * on no other, and nothing in the file depends on it.
 */
export function sqliteDatabase(database: DatabaseSync): SqlDatabase {
  // SQLite's whole numbers have 64 bits, a number has 53: what is larger would be an error.
  const options = { deterministic: true, varargs: true, useBigIntArguments: true };
  database.function(hashFunction, options, (...given) => hashOf(given));
  return {
    dialect: "sqlite",
    query: async (text, parameters) => {
      const statement = database.prepare(text);
      statement.setReadBigInts(true);
      return statement.all(...parameters) as SqlRow[];
    },
  };
}

/** Key, span, then name, type and value of each field: 64 bits of the key's hash and 128 of the entry's, as six numbers. */
function hashOf([key, span, ...rest]: readonly unknown[]): string {
  const fields: Record<string, FieldValue> = {};
  for (let at = 0; at < rest.length; at += 3) {
    fields[String(rest[at])] = fieldValue(rest[at + 1] as SqlField["type"], rest[at + 2]);
  }
  // A span of a millisecond each: the number of the span is its time.
  const entry = entryHash({ key: String(key), timeMs: Number(span), fields }, 1);
  const text = hash("sha256", String(key), "hex").slice(0, 16) + entry;
  return JSON.stringify([0, 1, 2, 3, 4, 5].map((word) => wordOf(text, word)));
}
