import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  delaySchedulesConformance,
  delayStatesConformance,
  virtualClock,
} from "../../local/testing/index.ts";
import { dynamoDelayStates, inMemoryDelays } from "../../src/delay/index.ts";
import { createJobsTable } from "../helpers/jobs-table.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryDelays", () => {
  const suite = delayStatesConformance(() => inMemoryDelays({ clock: virtualClock() }).states);
  for (const { name, check } of suite) it(name, check);

  const schedules = delaySchedulesConformance(() => {
    const clock = virtualClock();
    return { ...inMemoryDelays({ clock }), nowMs: clock.nowMs };
  });
  for (const { name, check } of schedules) it(name, check);
});

describe("dynamoDelayStates on dynoxide", () => {
  const table = "shop-jobs";
  let dynamodb: TestDynamoDB;
  beforeAll(async () => {
    dynamodb = await startDynamoDB("dynoxide");
    await createJobsTable(dynamodb, table);
  }, 60_000);
  afterAll(() => dynamodb?.stop());

  const suite = delayStatesConformance(() => dynamoDelayStates({ table, client: dynamodb.client }));
  for (const { name, check } of suite) it(name, check, 30_000);

  it("keeps a decision until it may be forgotten, in seconds, and no shorter", async () => {
    const states = dynamoDelayStates({ table, client: dynamodb.client });

    await states.decide("k", "cancelled", 1_500);
    await states.decide("k", "sent", 9_000);

    const Key = { pk: { S: "delayed#k" }, sk: { S: "state" } };
    const { Item } = await dynamodb.client.send(new GetItemCommand({ TableName: table, Key }));
    expect(Item).toMatchObject({ state: { S: "cancelled" }, expires: { N: "2" }, v: { N: "1" } });
  });
});
