import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { systemClock } from "../../src/clock.ts";
import { createOutbox } from "../../src/outbox/index.ts";
import { orderWritten } from "./contracts.ts";
import { atCrashPoint } from "./crash-point.ts";
import { ordersTable, outboxTable, source } from "./names.ts";
import { orderOf } from "./order-of.ts";

/**
 * Writes orders, each with its event in one transaction, from `from` on, some side by side. Says up to which one all are
 * written, and stops to be killed where it is told: `before`, `during` or `after` the transaction of one order. An order that
 * stands already, as one whose writer was killed before it could say so, is left as it is.
 *
 *   node drills/outbox/writer.ts http://127.0.0.1:4566 us-east-1 FROM TO POINT ORDER
 */
const [endpoint = "", region = "", from = "0", to = "0", point = "", crashAt = "-1"] = process.argv.slice(2);
const sideBySide = 8;
const noteEvery = 25;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const client = new DynamoDBClient({ endpoint, region, credentials });
const outbox = createOutbox({ table: outboxTable, source });
let next = Number(from);
const open = new Set<number>();

const note = () => console.log(`written up to ${Math.min(next, ...open)}`);

const write = async (number: number) => {
  const reach = (name: string) =>
    number === Number(crashAt) && name === point ? atCrashPoint(name) : undefined;
  const { order, cents, isRolledBack } = orderOf(number);
  const event = await outbox.add(
    orderWritten,
    { order, cents, writtenMs: systemClock.nowMs() },
    { id: `order-${order}` },
  );
  const Item = { pk: { S: String(order) }, cents: { N: String(cents) } };
  await reach("before");
  const writing = client
    .send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: ordersTable, Item, ConditionExpression: "attribute_not_exists(pk)" } },
          ...event,
          ...(isRolledBack ? [neverTrue] : []),
        ],
      }),
    )
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  await reach("during");
  const error = await writing;
  // Rolled back on purpose, or written by a writer that was killed before it could say so.
  if (error && !(error instanceof TransactionCanceledException)) throw error;
  await reach("after");
};

const neverTrue = {
  ConditionCheck: {
    TableName: ordersTable,
    Key: { pk: { S: "never" } },
    ConditionExpression: "attribute_exists(pk)",
  },
};

await Promise.all(
  Array.from({ length: sideBySide }, async () => {
    while (next < Number(to)) {
      const number = next++;
      open.add(number);
      await write(number);
      open.delete(number);
      if (number % noteEvery === 0) note();
    }
  }),
);
note();
