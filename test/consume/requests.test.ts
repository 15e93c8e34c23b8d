import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { dynamoHolds, sdkHoldCalls } from "../../src/breaker/index.ts";
import { systemClock } from "../../src/clock.ts";
import { consume, inMemoryQueues, type SqsRecord } from "../../src/consume/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { dynamoLedger, type ExecuteStatements, sdkStatements } from "../../src/ledger/index.ts";
import { dynamoParked, sdkCalls } from "../../src/parking/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { again, order, orderCreated, record, settingsFor } from "../helpers/consumer-world.ts";
import { createJobsTable } from "../helpers/jobs-table.ts";
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
    await createJobsTable(dynamodb, "shop-jobs");
    await dynamodb.createTable("shop-parked", "pk", "sk");
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

  const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 30_000 };
  const parts = () => ({
    ledger: dynamoLedger({ table, keepMs: 86_400_000, execute }),
    queues: inMemoryQueues(),
    topics: inMemoryTopics(),
    clock: systemClock,
    sink: () => {},
  });
  const deliver = (records: readonly SqsRecord[], fail = false, settings: Partial<ConsumerSettings> = {}) =>
    consume(
      orderCreated,
      () => {
        if (fail) throw new Error("no");
      },
      {
        settings: settingsFor(settings),
        parkedStore: dynamoParked({ table: "shop-parked", calls: sdkCalls({ client: dynamodb.client }) }),
        ...parts(),
      },
    )({ Records: records }, context);
  const ten = () => Array.from({ length: 10 }, () => record(order()));

  it("is 2 for quick first deliveries: one to claim, one to complete", async () => {
    expect(await deliver(ten())).toEqual({ batchItemFailures: [] });

    expect(requests).toBe(2);
  });

  it("is one more for all that no contract fits: they are dead in one call", async () => {
    const unfit = () =>
      record(JSON.stringify({ ...JSON.parse(order().body), dataschema: "urn:omnibus:order.created:9" }));

    expect(await deliver([...ten().slice(0, 7), unfit(), unfit(), unfit()])).toEqual({
      batchItemFailures: [],
    });

    expect(requests).toBe(3);
  });

  it("is one more in five seconds for a consumer that knows holds, however many batches there are", async () => {
    const clock = virtualClock();
    const holds = dynamoHolds({ table: "shop-jobs", calls: sdkHoldCalls({ client: dynamodb.client }) });
    const lambda = consume(orderCreated, () => {}, {
      ...parts(),
      settings: settingsFor({ breaker: { failures: 5, windowMs: 30_000, probeMs: 10_000 } }),
      holds,
      clock: { ...systemClock, nowMs: clock.nowMs },
    });
    const batches: number[] = [];
    for (let second = 0; second < 6; second++) {
      const before = requests;
      await lambda({ Records: ten() }, context);
      batches.push(requests - before);
      await clock.advance(1_000);
    }

    expect(batches).toEqual([3, 2, 2, 2, 2, 3]);
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

  it("is 3 where an ordered consumer parks: one more, which asks about all its groups", async () => {
    const records = Array.from({ length: 10 }, (_, index) => record(order(), { group: `group-${index}` }));

    expect(await deliver(records, false, { fifo: true, onPoison: "park" })).toEqual({
      batchItemFailures: [],
    });

    expect(requests).toBe(3);
  });
});
