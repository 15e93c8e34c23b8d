import { readFileSync } from "node:fs";
import { type AttributeValue, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { dynamoLedger, type Ledger, ledgerKey, sdkStatements } from "../../src/ledger/index.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

const valid = new Ajv2020({ validateFormats: false }).compile(
  JSON.parse(readFileSync(new URL("../../schema/ledger-item.schema.json", import.meta.url), "utf8")),
);
const table = "shop-ledger";

describe("ledger-item.schema.json", () => {
  let dynamodb: TestDynamoDB;
  let ledger: Ledger;
  beforeAll(async () => {
    dynamodb = await startDynamoDB();
    await dynamodb.createTable(table);
    ledger = dynamoLedger({ table, keepMs: 60_000, execute: sdkStatements({ client: dynamodb.client }) });
  });
  afterAll(() => dynamodb.stop());

  const event = (id: string) => ({
    key: ledgerKey({ consumer: "LockStock", source: "/shop/web", id }),
    consumer: "LockStock",
    source: "/shop/web",
    id,
    type: "order.created",
    time: "2026-01-01T00:00:00.000Z",
    hash: "a".repeat(64),
  });
  const emits = [
    { topic: "stock", id: "e", source: "/shop/LockStock", type: "stock.locked", body: "{}", attributes: {} },
  ];

  it("is satisfied by an item in each state, and by what is written without a claim", async () => {
    const claimed = ["claimed", "released", "unrun", "done", "emitting", "dead"].map(event);
    const terms = { owner: "a", leaseEndsMs: Date.now() + 60_000 };
    await ledger.claim(
      claimed.map((one) => ({ ...one, redelivered: false })),
      terms,
    );
    const key = (id: string) => event(id).key;
    await ledger.end(
      [
        { key: key("released"), to: "released", started: true },
        { key: key("unrun"), to: "released", started: false },
        { key: key("done"), to: "done", emits: [] },
        { key: key("emitting"), to: "done", emits, result: "0a" },
        { key: key("dead"), to: "dead", reason: "permanent" },
      ],
      "a",
    );
    await ledger.record([
      { ...event("recorded"), attempts: 1, ending: { to: "done", emits } },
      { ...event("replayed"), replay: "20260131-120000-3f2a90", attempts: 1, ending: { to: "done", emits } },
      { ...event("buried"), attempts: 3, ending: { to: "dead", reason: "attempts-exhausted" } },
    ]);

    const { Items = [] } = await dynamodb.client.send(new ScanCommand({ TableName: table }));

    expect(Items).toHaveLength(9);
    for (const item of Items.map(plain)) {
      valid(item);
      expect([item.id, valid.errors]).toEqual([item.id, null]);
    }
  });

  it("refuses a state, a key or a field that it does not know", () => {
    const item = { ...plain({}), pk: event("x").key, v: 1, state: "lost" };

    expect(valid(item)).toBe(false);
  });
});

function plain(item: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, value.N === undefined ? value.S : Number(value.N)]),
  );
}
