import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { systemClock } from "../../src/clock.ts";
import { consume, inMemoryQueues, type SqsRecord } from "../../src/consume/index.ts";
import { dynamoLedger, type ExecuteStatements, sdkStatements } from "../../src/ledger/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { again, order, orderCreated, record, settingsFor } from "../helpers/consumer-world.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

/** Counts the requests that leave for DynamoDB, on a real table. */
describe("DynamoDB requests of one batch of 10", () => {
  const table = "shop-ledger";
  let dynamodb: TestDynamoDB;
  let requests = 0;
  let execute: ExecuteStatements;
  beforeAll(async () => {
    dynamodb = await startDynamoDB();
    await dynamodb.createTable(table);
    dynamodb.client.middlewareStack.add(
      (next) => (args) => {
        requests++;
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    execute = sdkStatements({ client: dynamodb.client });
  });
  beforeEach(() => {
    requests = 0;
  });
  afterAll(() => dynamodb.stop());

  const deliver = (records: readonly SqsRecord[], fail = false) =>
    consume(
      orderCreated,
      () => {
        if (fail) throw new Error("no");
      },
      {
        settings: settingsFor(),
        ledger: dynamoLedger({ table, keepMs: 86_400_000, execute }),
        queues: inMemoryQueues(),
        topics: inMemoryTopics(),
        clock: systemClock,
        sink: () => {},
      },
    )({ Records: records }, { awsRequestId: "request", getRemainingTimeInMillis: () => 30_000 });
  const ten = () => Array.from({ length: 10 }, () => record(order()));

  it("is 2 for quick first deliveries: one to claim, one to complete", async () => {
    expect(await deliver(ten())).toEqual({ batchItemFailures: [] });

    expect(requests).toBe(2);
  });

  it("is at most 2 for pure duplicates, first received or redelivered", async () => {
    const records = ten();
    await deliver(records);

    requests = 0;
    await deliver(records);
    const first = requests;
    requests = 0;
    await deliver(records.map(again));

    expect(first).toBeLessThanOrEqual(2);
    expect(requests).toBeLessThanOrEqual(2);
  });

  it("is 2 for redeliveries of what failed before", async () => {
    const records = ten();
    await deliver(records, true);

    requests = 0;
    await deliver(records.map(again));

    expect(requests).toBe(2);
  });
});
