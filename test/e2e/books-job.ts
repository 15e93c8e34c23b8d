import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamoSource, reconciler } from "../../src/reconcile/index.ts";
import { tables } from "./books.ts";

const client = new DynamoDBClient({});

const side = (name: "left" | "right") => (settings: { readonly bus: string; readonly spanMs: number }) =>
  dynamoSource({
    name: tables[name],
    table: tables[name],
    entryOf: ({ id, at, cents }) => ({
      key: id?.S ?? "",
      timeMs: Number(at?.N),
      fields: { cents: Number(cents?.N) },
    }),
    keyOf: (key) => ({ id: { S: key } }),
    sealedTable: `${settings.bus}-jobs`,
    spanMs: settings.spanMs,
  });

/** The left table is right: what the right one has must be the same. */
export const handler = reconciler({
  left: side("left"),
  right: side("right"),
  amountOf: ({ left, right }) => Number((left[0] ?? right[0])?.fields.cents),
  repair: async ({ key, left: [debit] }) => {
    const TableName = tables.right;
    if (!debit) {
      await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: key } } }));
      return;
    }
    const { cents } = debit.fields;
    const Item = { id: { S: key }, cents: { N: String(cents) }, at: { N: String(debit.timeMs) } };
    await client.send(new PutItemCommand({ TableName, Item }));
  },
});
