import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { type DynamoSource, dynamoSource } from "../../src/reconcile/index.ts";
import {
  halfADayLater,
  idOfDifference,
  type Side,
  sides,
  spanMs,
  type Transfer,
  transfers,
} from "./transfers.ts";

type Item = Record<string, AttributeValue>;

const sealedTable = "bench-jobs";
const tableOf = (side: Side) => `bench-${side}`;
/** Batches that are written at the same time. */
const batchesAtOnce = 8;

/** Makes two tables with equal books of `n` transfers, an index by the hour on each, and one for what is sealed. */
export async function makeDynamoBooks(client: DynamoDBClient, n: number): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: sealedTable,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  for (const side of sides) {
    await client.send(
      new CreateTableCommand({
        TableName: tableOf(side),
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "id", AttributeType: "S" },
          { AttributeName: "hour", AttributeType: "N" },
        ],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        GlobalSecondaryIndexes: [
          {
            IndexName: "byHour",
            KeySchema: [{ AttributeName: "hour", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        ],
      }),
    );
    await fill(client, tableOf(side), n);
  }
}

export async function removeDynamoBooks(client: DynamoDBClient): Promise<void> {
  for (const TableName of [sealedTable, ...sides.map(tableOf)]) {
    await client.send(new DeleteTableCommand({ TableName }));
  }
}

/** Makes differences number `from` to `to` in the right table: of every class, but for `duplicate`, as keys are unique. */
export async function injectDynamo(
  client: DynamoDBClient,
  n: number,
  from: number,
  to: number,
): Promise<void> {
  const TableName = tableOf("right");
  for (let nth = from; nth < to; nth++) {
    const Key = { id: { S: idOfDifference(n, nth) } };
    const { Item = {} } = await client.send(new GetItemCommand({ TableName, Key }));
    const transfer = transferOf(Item);
    const put = (changed: Partial<Transfer>) =>
      client.send(new PutItemCommand({ TableName, Item: itemOf({ ...transfer, ...changed }) }));
    const changes = [
      () => client.send(new DeleteItemCommand({ TableName, Key })),
      () => put({ cents: transfer.cents + 1 }),
      () => put({ id: `stray-${transfer.id}` }),
      () => put({ atMs: halfADayLater(transfer.atMs) }),
    ];
    await changes[nth % changes.length]?.();
  }
}

export function dynamoBookOf(client: DynamoDBClient, side: Side): DynamoSource {
  return dynamoSource({
    name: side,
    table: tableOf(side),
    client,
    sealedTable,
    spanMs,
    entryOf: (item) => {
      const { id, atMs, account, cents } = transferOf(item);
      return { key: id, timeMs: atMs, fields: { account, cents } };
    },
    keyOf: (key) => ({ id: { S: key } }),
    reads: ({ fromMs, toMs }) => {
      const [from, to] = [Math.floor(fromMs / spanMs), Math.ceil(toMs / spanMs)];
      return Array.from({ length: to - from }, (_, index) => ({
        IndexName: "byHour",
        KeyConditionExpression: "#hour = :hour",
        ExpressionAttributeNames: { "#hour": "hour" },
        ExpressionAttributeValues: { ":hour": { N: String(from + index) } },
      }));
    },
  });
}

/** All transfers of a book, in the cheapest way there is: scanned, eventually consistent. */
export async function* scanDynamoBook(client: DynamoDBClient, side: Side): AsyncGenerator<Transfer> {
  let start: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({ TableName: tableOf(side), ...(start && { ExclusiveStartKey: start }) }),
    );
    yield* Items.map(transferOf);
    start = LastEvaluatedKey;
  } while (start);
}

async function fill(client: DynamoDBClient, table: string, n: number): Promise<void> {
  const write = async (some: readonly Transfer[]) => {
    const requests = some.map((transfer) => ({ PutRequest: { Item: itemOf(transfer) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  };
  let batches: Transfer[][] = [[]];
  for (const transfer of transfers(n)) {
    if (batches.at(-1)?.length === 25) batches.push([]);
    batches.at(-1)?.push(transfer);
    if (batches.length <= batchesAtOnce) continue;
    await Promise.all(batches.map(write));
    batches = [[]];
  }
  await Promise.all(batches.filter(({ length }) => length > 0).map(write));
}

function itemOf({ id, atMs, account, cents }: Transfer): Item {
  return {
    id: { S: id },
    hour: { N: String(Math.floor(atMs / spanMs)) },
    atMs: { N: String(atMs) },
    account: { S: account },
    cents: { N: String(cents) },
  };
}

function transferOf({ id, atMs, account, cents }: Item): Transfer {
  return { id: id?.S ?? "", atMs: Number(atMs?.N), account: account?.S ?? "", cents: Number(cents?.N) };
}
