import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { askWitness } from "../../drills/frame/witness.ts";
import { consumers, perConsumer } from "../../drills/orders/consumers.ts";
import { dynamoStatements, effectsTable } from "../../drills/orders/effects.ts";
import { readBack, since } from "../../drills/orders/readings.ts";
import { sdkStatements } from "../../src/ledger/index.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";
import { startQueues, type TestQueues } from "../helpers/start-queues.ts";

describe("readBack", () => {
  let dynamodb: TestDynamoDB;
  let queues: TestQueues;
  const read = () => readBack({ dynamodb: dynamodb.client, sqs: queues.client, waitSeconds: 0 });

  beforeAll(async () => {
    [dynamodb, queues] = await Promise.all([startDynamoDB(), startQueues()]);
    for (const { tableName, deadLetterQueueName } of consumers) {
      await dynamodb.createTable(tableName, "pk");
      queues.createQueue(deadLetterQueueName);
    }
  });

  afterAll(() => Promise.all([dynamodb.stop(), queues.stop()]));

  it("finds nothing where nothing happened", async () => {
    expect(await read()).toEqual(perConsumer(() => ({ handled: 0, total: 0, deadLetters: 0, reasons: {} })));
  });

  it("adds up effects over all pages, each key once however often it was put", async () => {
    const table = (name: string) =>
      effectsTable({ table: name, run: dynamoStatements(sdkStatements({ client: dynamodb.client })) });
    const points = table("shop-points-effects");
    const logistics = table("shop-logistics-effects");
    // 1 MB is a page: these take more than one.
    const customer = "c".repeat(2_000);
    const keys = Array.from({ length: 700 }, (_, index) => `key-${index}`);

    for (let round = 0; round < 2; round++) {
      await Promise.all(keys.map((pk) => points.put({ pk, customer, cents: 1177 })));
    }
    await logistics.put({ pk: "a", orderId: "1" });

    const readings = await read();
    expect(readings.Points).toMatchObject({ handled: 700, total: 700 * 1177 });
    expect(readings.Stock).toMatchObject({ handled: 0, total: 0 });
    expect(readings.Logistics).toMatchObject({ handled: 1, total: 1 });
  });

  it("counts dead letters by reason, a copy of one as the one it is, and leaves them visible", async () => {
    queues.put("shop-Stock-dead", "not json 1", '{"v":1,"reason":"bad-json"}');
    queues.put("shop-Stock-dead", "not json 1", '{"v":1,"reason":"bad-json"}');
    queues.put("shop-Stock-dead", "not json 2", '{"v":1,"reason":"bad-json"}');
    queues.put("shop-Stock-dead", "moved by SQS");

    const { Stock } = await read();

    expect(Stock.deadLetters).toBe(3);
    expect(Stock.reasons).toEqual({ "bad-json": 2, "receive-backstop": 1 });
    expect(queues.count("shop-Stock-dead")).toEqual({ visible: 4, invisible: 0 });
  });

  it("refuses an effect whose sum is no whole number", async () => {
    const put = (cds: string) =>
      dynamodb.client.send(
        new PutItemCommand({ TableName: "shop-stock-effects", Item: { pk: { S: "half" }, cds: { N: cds } } }),
      );
    await put("1.5");

    await expect(read()).rejects.toThrow('an effect in shop-stock-effects has no whole number in "cds"');
    await put("2");
    expect((await read()).Stock.total).toBe(2);
  });
});

describe("since", () => {
  it("leaves out what was there before", () => {
    const before = perConsumer(() => ({
      handled: 10,
      total: 100,
      deadLetters: 2,
      reasons: { "bad-json": 2 },
    }));
    const after = perConsumer(() => ({
      handled: 15,
      total: 180,
      deadLetters: 3,
      reasons: { "bad-json": 2, "too-deep": 1 },
    }));

    expect(since(before, after).Points).toEqual({
      handled: 5,
      total: 80,
      deadLetters: 1,
      reasons: { "too-deep": 1 },
    });
  });
});

describe("askWitness", () => {
  it("throws with what the separate process said when it could not read", async () => {
    const { signal } = new AbortController();
    const script = new URL("../../drills/orders/verify.ts", import.meta.url);

    const asking = askWitness({ script, endpoint: "http://127.0.0.1:1", region: "us-east-1", signal });

    await expect(asking).rejects.toThrow(/could not be read back.*ECONNREFUSED/s);
  });
});
