import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ReconcilerSettings } from "../../src/env.ts";
import { jobsTableName } from "../../src/names.ts";
import {
  dynamoSource,
  type Entry,
  fileSource,
  type LedgerSource,
  sqliteDatabase,
  sqlSource,
} from "../../src/reconcile/index.ts";
import type { CreditBook } from "./credit-book.ts";
import { bus, bySpan, debitsTable } from "./names.ts";
import { spanMs } from "./times.ts";

type Sealed = Pick<ReconcilerSettings, "spanMs">;

/** Bank A's book: its table of debits, read by the index of spans. */
export function bankA(client?: DynamoDBClient): LedgerSource {
  return dynamoSource({
    name: "bank-a",
    table: debitsTable,
    entryOf: ({ id, at, cents, customer }): Entry => ({
      key: id?.S ?? "",
      timeMs: Number(at?.N),
      fields: { cents: Number(cents?.N), customer: customer?.S ?? "" },
    }),
    keyOf: (key) => ({ id: { S: key } }),
    reads: ({ fromMs, toMs }) => {
      const first = Math.floor(fromMs / spanMs);
      return Array.from({ length: Math.ceil(toMs / spanMs) - first }, (_, nth) => ({
        IndexName: bySpan,
        KeyConditionExpression: "#span = :span",
        ExpressionAttributeNames: { "#span": "span" },
        ExpressionAttributeValues: { ":span": { N: String(first + nth) } },
      }));
    },
    sealedTable: jobsTableName(bus),
    spanMs,
    ...(client && { client }),
  });
}

/** Bank B's book: the credits that stand, in SQLite. */
export function bankB(book: Pick<CreditBook, "database">, { spanMs }: Sealed): LedgerSource {
  return sqlSource({
    name: "bank-b",
    database: sqliteDatabase(book.database),
    table: "credits",
    where: "reversed_by IS NULL",
    key: "transfer",
    time: "at_ms",
    fields: { cents: { sql: "cents", type: "number" }, customer: { sql: "customer", type: "string" } },
    spanMs,
  });
}

/** Bank B's statement, as `statement.ts` writes it. */
export function bankBStatement(file: string, { spanMs }: Sealed): LedgerSource {
  return fileSource({
    name: "bank-b's statement",
    file,
    format: "csv",
    entryOf: ({ reference = "", booked = "", cents, customer = "" }) => ({
      key: reference,
      timeMs: Date.parse(booked),
      fields: { cents: Number(cents), customer },
    }),
    spanMs,
  });
}
