import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { identityOf } from "../../src/contract/index.ts";
import {
  createOutbox,
  type DynamoCalls,
  dynamoOutbox,
  outboxTable,
  rowPlace,
} from "../../src/outbox/index.ts";
import { balanceMoved, orderCreated } from "../helpers/outbox-world.ts";

const compile = (name: string) =>
  new Ajv2020({ validateFormats: false }).compile(
    JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), "utf8")),
  );
const valid = compile("outbox-row");

type Item = Record<string, AttributeValue>;

const plain = (item: Item) =>
  Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? Number(N)]));

async function aRow(): Promise<Item> {
  const outbox = createOutbox({ table: "shop-outbox", source: "/shop" });
  const [write] = await outbox.add(orderCreated, { order: 1 }, { id: "order-1" });
  return write?.Put?.Item ?? {};
}

/** What a store puts when it buries the one row that there is. */
async function buried(item: Item): Promise<Item> {
  const puts: Item[] = [];
  const calls: Partial<DynamoCalls> = {
    get: async () => ({ Responses: { "shop-outbox": [item] }, UnprocessedKeys: {} }),
    transact: async (writes) => {
      for (const { Put } of writes) if (Put?.Item) puts.push(Put.Item);
      return "written";
    },
  };
  const store = dynamoOutbox({ table: outboxTable({ table: "shop-outbox" }), calls: calls as DynamoCalls });
  const place = { partition: item.pk?.S ?? "", sort: item.sk?.S ?? "" };
  await store.bury(place, { reason: "InvalidParameter", message: "no".repeat(400), atMs: 5 });
  return puts[0] ?? {};
}

describe("outbox-row.schema.json", () => {
  it("is satisfied by a row that waits, and by one that was put aside", async () => {
    const row = await aRow();
    const dead = await buried(row);

    expect([valid(plain(row)), valid.errors]).toEqual([true, null]);
    expect([valid(plain(dead)), valid.errors]).toEqual([true, null]);
    expect(dead).toMatchObject({ reason: { S: "InvalidParameter" }, died: { N: "5" }, body: row.body });
  });

  it("refuses other versions, fields that it does not know, and rows without what they need", async () => {
    const row = plain(await aRow());

    expect(valid({ ...row, v: 2 })).toBe(false);
    expect(valid({ ...row, expires: 1 })).toBe(false);
    for (const name of Object.keys(row)) {
      const { [name]: _, ...rest } = row;
      expect([name, valid(rest)]).toEqual([name, false]);
    }
  });
});

describe("outbox-key.schema.json", () => {
  const validKey = compile("outbox-key");

  it("is satisfied by what a writer and a relay keep of a key, whose row satisfies the other one", async () => {
    const outbox = createOutbox({ table: "shop-outbox", source: "/shop" });
    const [row, step] = await outbox.add(
      balanceMoved,
      { account: "a", step: 3 },
      { order: "a", sequence: 3 },
    );
    const { Key = {}, ExpressionAttributeValues: values } = step?.Update ?? {};
    const sequence = Number(values?.[":sequence"]?.N);
    const head = { pk: "head#a", sk: "head", sent: 2 };

    expect([valid(plain(row?.Put?.Item ?? {})), valid.errors]).toEqual([true, null]);
    expect([validKey({ ...plain(Key), sequence }), validKey.errors]).toEqual([true, null]);
    expect([validKey(head), validKey({ ...head, owner: "o", leaseEnds: 5, parked: "{}" })]).toEqual([
      true,
      true,
    ]);
    expect([validKey({ ...head, v: 1 }), validKey({ ...plain(Key) })]).toEqual([false, false]);
  });
});

describe("the place of a row", () => {
  it("is what the schema says, so that every language finds the same", () => {
    const event = { source: "/shop", id: "order-1" };
    const digest = hash("sha256", identityOf(event), "hex");
    const shard = Number.parseInt(digest.slice(0, 2), 16) % 32;

    expect(rowPlace(event, Date.parse("2026-03-01T12:00:00.007Z"))).toEqual({
      partition: `row#${String(shard).padStart(2, "0")}`,
      sort: `2026-03-01T12:00:00.007Z ${digest.slice(0, 32)}`,
    });
  });
});
