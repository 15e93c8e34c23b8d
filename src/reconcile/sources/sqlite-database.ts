import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { entryHash } from "../digest.ts";
import type { FieldValue } from "../ports.ts";
import type { SqlDatabase, SqlRow } from "./sql-database.ts";
import { fieldValue } from "./sql-dialect.ts";
import type { SqlField } from "./sql-table.ts";
import { hashFunction, wordFunction } from "./sqlite-functions.ts";

/**
 * A SQLite file for `sqlSource`, by Node's own `node:sqlite`. SQLite has no SHA-256: two functions are registered on this
 * connection, on no other, and nothing in the file depends on them.
 */
export function sqliteDatabase(database: DatabaseSync): SqlDatabase {
  database.function(hashFunction, { deterministic: true, varargs: true }, (...given) => hashOf(given));
  database.function(wordFunction, { deterministic: true }, (text, nth) =>
    Number.parseInt(String(text).slice(Number(nth) * 8, Number(nth) * 8 + 8), 16),
  );
  return {
    dialect: "sqlite",
    query: async (text, parameters) => database.prepare(text).all(...parameters) as SqlRow[],
  };
}

/** Key, span, then name, type and value of each field: 64 bits of the key's hash and 128 of the entry's, in hex. */
function hashOf([key, span, ...rest]: readonly unknown[]): string {
  const fields: Record<string, FieldValue> = {};
  for (let at = 0; at < rest.length; at += 3) {
    fields[String(rest[at])] = fieldValue(rest[at + 1] as SqlField["type"], rest[at + 2]);
  }
  // A span of a millisecond each: the number of the span is its time.
  const entry = entryHash({ key: String(key), timeMs: Number(span), fields }, 1);
  return hash("sha256", String(key), "hex").slice(0, 16) + entry;
}
