import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { InvalidEventError } from "../errors.ts";
import { lastPlace, type Order, type OutboxTable } from "./places.ts";
import { keyOf, type OutboxRow, rowItem } from "./row.ts";

/**
 * What a writer's transaction has to hold, so that rows are written with it or not at all: a put for each, and for each key whose
 * rows are ordered a step of its last sequence.
 *
 * Throws `InvalidEventError` (`outbox-order`) for sequences of one key that do not follow each other.
 */
export function rowWrites(table: OutboxTable, rows: readonly OutboxRow[]): readonly TransactWriteItem[] {
  const puts = rows.map((row) => ({
    Put: {
      TableName: table.table,
      Item: rowItem(table, row),
      // The same event at the same millisecond, or in the same place of a line: it is written once.
      ConditionExpression: "attribute_not_exists(#pk)",
      ExpressionAttributeNames: { "#pk": table.partitionKey },
    },
  }));
  const orders = rows.flatMap(({ order }) => order ?? []);
  const byKey = Map.groupBy(orders, ({ key }) => key);
  return [...puts, ...[...byKey.values()].map((of) => step(table, of))];
}

/** A key's last sequence moves on, if it still is the one before: two transactions cannot give the same, nor leave one out. */
function step(table: OutboxTable, orders: readonly Order[]): TransactWriteItem {
  const sorted = orders.toSorted((one, other) => one.sequence - other.sequence);
  const { key, sequence: first } = sorted[0] as Order;
  const gap = sorted.find(({ sequence }, index) => sequence !== first + index);
  if (gap) {
    throw new InvalidEventError(
      "outbox-order",
      `sequences of ${key} must follow each other in one transaction: ${sorted.map(({ sequence }) => sequence).join(", ")}; nothing was written`,
    );
  }
  const before = first - 1;
  return {
    Update: {
      TableName: table.table,
      Key: keyOf(table, lastPlace(key)),
      UpdateExpression: "SET #sequence = :sequence",
      ConditionExpression: before === 0 ? "attribute_not_exists(#sequence)" : "#sequence = :before",
      ExpressionAttributeNames: { "#sequence": "sequence" },
      ExpressionAttributeValues: {
        ":sequence": { N: String(before + sorted.length) },
        ...(before === 0 ? {} : { ":before": { N: String(before) } }),
      },
    },
  };
}
