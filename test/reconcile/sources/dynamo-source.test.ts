import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { sourceConformance } from "../../../local/testing/source-conformance.ts";
import {
  type DynamoItem,
  dynamoSource,
  type Entry,
  type FieldValue,
  indexedEntries,
  splitWindow,
  wholeSpan,
} from "../../../src/reconcile/index.ts";
import { describeWith } from "../../helpers/describe-with.ts";
import { createJobsTable } from "../../helpers/jobs-table.ts";
import { startDynamoDB, type TestDynamoDB } from "../../helpers/start-dynamodb.ts";
import { book, brief, findings, hourMs, startMs } from "../books.ts";

const sealedTable = "shop-jobs";
const twoDays = { fromMs: startMs, toMs: startMs + 48 * hourMs };

describe("dynamoSource on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoSource on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local"),
);

function onEngine(engine: "dynoxide" | "DynamoDB Local"): void {
  let dynamodb: TestDynamoDB;
  // The first time, Maven fetches DynamoDB Local.
  beforeAll(async () => {
    dynamodb = await startDynamoDB(engine);
    await createJobsTable(dynamodb, sealedTable);
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const fill = async (entries: readonly Entry[]) => bookFrom(dynamodb, entries);
  for (const { name, check } of sourceConformance(fill, { repeats: false })) it(name, check, 60_000);

  it("reads units for the differences, not for the table", async () => {
    const cost = async (count: number) => {
      const entries = book(count);
      const right = await bookFrom(dynamodb, entries);
      await right.seal?.(twoDays);
      const sealing = right.consumed.readUnits;
      await dynamodb.client.send(
        new DeleteItemCommand({ TableName: right.name, Key: { id: { S: "transfer-7" } } }),
      );
      await right.seal?.({ fromMs: hourOf(entries, 7), toMs: hourOf(entries, 7) + hourMs });
      const before = right.consumed.readUnits;
      const left = indexedEntries({ name: "left", entries, spanMs: hourMs });
      expect(brief(await findings(left, right))).toEqual(["missing-right transfer-7"]);
      return { sealing, comparison: right.consumed.readUnits - before };
    };

    const few = await cost(300);
    const many = await cost(3_000);

    expect(many.sealing).toBeGreaterThan(few.sealing);
    expect(many.comparison).toBeLessThan(2 * few.comparison);
    expect(few.comparison).toBeGreaterThan(0);
  }, 60_000);

  it("tells of a sealed span what was sealed, and forgets the old tree when it is sealed again", async () => {
    const source = await bookFrom(dynamodb, book(600));
    await source.seal?.(twoDays);
    const whole = wholeSpan(twoDays.fromMs, twoDays.toMs);
    const [before] = await source.digest([whole]);
    await dynamodb.client.send(
      new UpdateItemCommand({
        TableName: source.name,
        Key: { id: { S: "transfer-7" } },
        UpdateExpression: "SET #fields = :fields",
        ExpressionAttributeNames: { "#fields": "fields" },
        ExpressionAttributeValues: { ":fields": { S: "{}" } },
      }),
    );

    expect(await source.digest([whole])).toEqual([before]);
    expect(await source.lookup(["transfer-7"])).toMatchObject([[{ fields: {} }]]);
    const nodes = async () => {
      const { Count } = await dynamodb.client.send(
        new ScanCommand({
          TableName: sealedTable,
          FilterExpression: "begins_with(pk, :tree)",
          ExpressionAttributeValues: { ":tree": { S: `sealed#${source.name}@${hourMs}#` } },
        }),
      );
      return Count;
    };
    const nodesBefore = await nodes();
    expect(nodesBefore).toBe(24);
    await source.seal?.(twoDays);
    expect(await source.digest([whole])).not.toEqual([before]);
    expect(await nodes()).toBe(nodesBefore);
  }, 60_000);

  it("follows another process that seals the same spans again", async () => {
    const entries = book(2_000);
    const ours = await bookFrom(dynamodb, entries);
    const parts = splitWindow(wholeSpan(startMs, startMs + hourMs), hourMs);
    await ours.seal?.(twoDays);
    await ours.digest([wholeSpan(startMs, startMs + hourMs)]);
    const [first] = entries.filter(({ timeMs }) => timeMs < startMs + hourMs) as [Entry];
    await dynamodb.client.send(
      new DeleteItemCommand({ TableName: ours.name, Key: { id: { S: first.key } } }),
    );

    await bookIn(dynamodb, ours.name).seal?.(twoDays);

    const left = indexedEntries({
      name: "left",
      entries: entries.filter((entry) => entry !== first),
      spanMs: hourMs,
    });
    expect(await ours.digest(parts)).toEqual(await left.digest(parts));
    expect(
      (await ours.keys?.(wholeSpan(startMs, startMs + hourMs)))?.keys.map(({ key }) => key),
    ).not.toContain(first.key);
  }, 60_000);

  it("finds nothing for keys that DynamoDB cannot hold", async () => {
    const source = await bookFrom(dynamodb, book(3));

    const found = await source.lookup(["\ud83d", "k".repeat(2_049), "", "transfer-1"]);

    expect(found.map(({ length }) => length)).toEqual([0, 0, 0, 1]);
  });

  it("calls nothing missing where keyOf and entryOf do not agree about keys", async () => {
    const { name } = await bookFrom(dynamodb, book(3));
    const source = bookIn(dynamodb, name, (item) => ({ ...entryOf(item), key: `${item.id?.S}-b` }));

    await expect(source.lookup(["transfer-1"])).rejects.toThrow(
      /^keyOf and entryOf do not agree: .* is "transfer-1-b" by entryOf, in book-\d+$/,
    );
  });
}

let tables = 0;

/** A new table with an item for each entry, and an index by the hour. */
async function bookFrom(dynamodb: TestDynamoDB, entries: readonly Entry[]) {
  const { client } = dynamodb;
  const table = `book-${tables++}`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
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
  const items = entries.map(({ key, timeMs, fields }) => ({
    id: { S: key },
    hour: { N: String(Math.floor(timeMs / hourMs)) },
    atMs: { N: String(timeMs) },
    fields: { S: JSON.stringify(fields) },
  }));
  for (let at = 0; at < items.length; at += 25) {
    const requests = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
  return bookIn(dynamodb, table);
}

/** A table as a source: another one each time, with nothing in its memory. */
function bookIn({ client }: TestDynamoDB, table: string, as = entryOf) {
  return dynamoSource({
    name: table,
    table,
    client,
    sealedTable,
    entryOf: as,
    keyOf: (key) => ({ id: { S: key } }),
    reads: ({ fromMs, toMs }) =>
      Array.from({ length: Math.ceil(toMs / hourMs) - Math.floor(fromMs / hourMs) }, (_, index) => ({
        IndexName: "byHour",
        KeyConditionExpression: "#hour = :hour",
        ExpressionAttributeNames: { "#hour": "hour" },
        ExpressionAttributeValues: { ":hour": { N: String(Math.floor(fromMs / hourMs) + index) } },
      })),
  });
}

function entryOf({ id, atMs, fields }: DynamoItem): Entry {
  return {
    key: id?.S ?? "",
    timeMs: Number(atMs?.N),
    fields: JSON.parse(fields?.S ?? "{}") as Record<string, FieldValue>,
  };
}

function hourOf(entries: readonly Entry[], index: number): number {
  return Math.floor((entries[index]?.timeMs ?? 0) / hourMs) * hourMs;
}
