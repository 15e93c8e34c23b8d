import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { OutboxTable } from "./places.ts";
import { type OutboxRow, rowItem } from "./row.ts";

/** What a writer's transaction has to hold, so that the row is written with it or not at all. */
export function rowWrites(table: OutboxTable, row: OutboxRow): readonly TransactWriteItem[] {
  return [
    {
      Put: {
        TableName: table.table,
        Item: rowItem(table, row),
        // The same event at the same millisecond: it is written once.
        ConditionExpression: "attribute_not_exists(#pk)",
        ExpressionAttributeNames: { "#pk": table.partitionKey },
      },
    },
  ];
}
