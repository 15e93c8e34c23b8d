import { readFileSync } from "node:fs";
import { type AttributeValue, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { dynamoHolds, type Hold, type HoldStore, sdkHoldCalls } from "../../src/breaker/index.ts";
import { createJobsTable } from "../helpers/jobs-table.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

const valid = new Ajv2020({ validateFormats: false }).compile(
  JSON.parse(readFileSync(new URL("../../schema/hold-item.schema.json", import.meta.url), "utf8")),
);
const table = "shop-jobs";
const broken: Hold = {
  name: "breaker:payments",
  sinceMs: 1,
  why: "503",
  by: "Charge",
  probe: { everyMs: 10_000, own: false },
};

describe("hold-item.schema.json", () => {
  let dynamodb: TestDynamoDB;
  let holds: HoldStore;
  beforeAll(async () => {
    dynamodb = await startDynamoDB();
    await createJobsTable(dynamodb, table);
    holds = dynamoHolds({ table, calls: sdkHoldCalls({ client: dynamodb.client }) });
  });
  afterAll(() => dynamodb.stop());

  it("is satisfied by all that is written", async () => {
    await holds.open("Charge", broken, "consumer");
    await holds.open("Charge", { name: "manual", sinceMs: 2, why: "", by: "ops" }, "person");
    await holds.open("Recovered", broken, "consumer");
    await holds.lift("Recovered", broken, "governor", { step: 2 });
    await holds.moveRamp("Recovered", { step: 2 }, { step: 2, sinceMs: 3 });
    await holds.noteProbe("Recovered", { atMs: 1, nextMs: 2, verdict: "up", why: "", tries: 0 });
    await holds.open(
      "Full",
      { name: "overflow", sinceMs: 4, why: "100000 in flight", by: "governor" },
      "governor",
    );

    const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: table }));

    expect(Items).toHaveLength(3);
    for (const item of Items.map(plain)) {
      valid(item);
      expect([item.consumer, valid.errors]).toEqual([item.consumer, null]);
    }
  });

  it("refuses a hold, a writer or a field that it does not know", () => {
    const item = { pk: "hold#Charge", sk: "state", v: 1, consumer: "Charge", writer: "person" };

    expect(valid(item)).toBe(true);
    expect(valid({ ...item, writer: "nobody" })).toBe(false);
    expect(valid({ ...item, forever: { since: 1, why: "", by: "ops" } })).toBe(false);
    expect(valid({ ...item, "breaker:payments": { since: 1, why: "", by: "Charge" } })).toBe(false);
    expect(valid({ ...item, v: 2 })).toBe(false);
  });
});

function plain(item: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([name, { M, N, BOOL, S }]) => [
      name,
      M ? plain(M) : N === undefined ? (BOOL ?? S) : Number(N),
    ]),
  );
}
