import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { defineEvent } from "../../src/contract/index.ts";
import { createOutbox } from "../../src/outbox/index.ts";
import { createPublisher, inMemoryTopics } from "../../src/publish/index.ts";

const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ order: z.int(), country: z.string() }),
  filterable: ["country"],
});
const balanceMoved = defineEvent("balance.moved", {
  version: 1,
  topic: "balances.fifo",
  schema: z.object({ cents: z.int() }),
});
const time = new Date("2026-03-01T12:00:00Z");

describe("createOutbox", () => {
  it("answers the one write of the bytes that a publisher would send", async () => {
    const clock = virtualClock();
    const topics = inMemoryTopics();
    const at = { bus: "shop", source: "/shop", account: "1", region: "eu-west-1" };
    const publisher = createPublisher({ ...at, topics, clock, lingerMs: 0 });
    const options = { id: "order-7", time, subject: "7", correlationid: "visit-1", traceparent: "00-1-2-01" };
    const data = { order: 7, country: "NL" };
    await clock.until(publisher.publish(orderCreated, data, options));

    const writes = await createOutbox({ table: "shop-outbox", source: "/shop", clock }).add(
      orderCreated,
      data,
      options,
    );

    const [sent] = topics.taken("arn:aws:sns:eu-west-1:1:shop-orders");
    const item = writes[0]?.Put?.Item;
    expect(writes).toHaveLength(1);
    expect(writes[0]?.Put?.TableName).toBe("shop-outbox");
    expect(item?.body?.S).toBe(sent?.body);
    expect(JSON.parse(item?.attributes?.S ?? "")).toEqual(sent?.attributes);
    expect([item?.id?.S, item?.source?.S, item?.type?.S, item?.topic?.S]).toEqual([
      ...["order-7", "/shop", "order.created", "orders"],
    ]);
    expect(item?.created?.N).toBe(String(clock.nowMs()));
  });

  it("makes up an id, and lets nothing but the row stand in the way of its write", async () => {
    const outbox = createOutbox({ table: "shop-outbox", source: "/shop" });

    const [one] = await outbox.add(orderCreated, { order: 1, country: "NL" });
    const [other] = await outbox.add(orderCreated, { order: 1, country: "NL" });

    expect(one?.Put?.Item?.id?.S).not.toBe(other?.Put?.Item?.id?.S);
    expect(one?.Put?.ConditionExpression).toBe("attribute_not_exists(#pk)");
    expect(one?.Put?.ExpressionAttributeNames).toEqual({ "#pk": "pk" });
  });

  it("puts rows into a table that holds other things, under its keys and a prefix", async () => {
    const address = { table: "entities", prefix: "outbox#", partitionKey: "entity", sortKey: "part" };
    const outbox = createOutbox({ ...address, source: "/shop" });

    const [write] = await outbox.add(orderCreated, { order: 1, country: "NL" });

    expect(write?.Put?.TableName).toBe("entities");
    expect(write?.Put?.Item?.entity?.S).toMatch(/^outbox#row#\d\d$/);
    expect(write?.Put?.Item?.part?.S).toMatch(/^20\d\d-.*Z [0-9a-f]{32}$/);
    expect(write?.Put?.ExpressionAttributeNames).toEqual({ "#pk": "entity" });
  });

  it("answers a row and a step of its key's last sequence, where it has an order", async () => {
    const [row, step, ...more] = await outbox().add(
      balanceMoved,
      { cents: 1 },
      { order: "a/17", sequence: 3 },
    );

    expect(more).toEqual([]);
    expect(row?.Put?.Item).toMatchObject({ group: { S: "a/17" }, sk: { S: "a/17 0000000000000003" } });
    expect(row?.Put?.Item?.pk?.S).toMatch(/^line#\d\d$/);
    expect(JSON.parse(row?.Put?.Item?.body?.S ?? "").partitionkey).toBe("a/17");
    expect(step?.Update).toEqual({
      TableName: "shop-outbox",
      Key: { pk: { S: "last#a/17" }, sk: { S: "last" } },
      UpdateExpression: "SET #sequence = :sequence",
      ConditionExpression: "#sequence = :before",
      ExpressionAttributeNames: { "#sequence": "sequence" },
      ExpressionAttributeValues: { ":sequence": { N: "3" }, ":before": { N: "2" } },
    });
  });

  it("answers one step of a key for all its events of a transaction", async () => {
    const entry = (order: string, sequence: number) => ({
      ...{ contract: balanceMoved, data: { cents: sequence }, order, sequence },
    });
    const plain = { contract: orderCreated, data: { order: 1, country: "NL" } };

    const writes = await outbox().addAll([entry("a", 2), entry("a", 1), plain, entry("b", 7)]);

    const steps = writes.flatMap(({ Update }) => (Update ? [Update] : []));
    expect(writes).toHaveLength(6);
    expect(
      steps.map(({ Key, ExpressionAttributeValues }) => [Key?.pk?.S, ExpressionAttributeValues]),
    ).toEqual([
      ["last#a", { ":sequence": { N: "2" } }],
      ["last#b", { ":sequence": { N: "7" }, ":before": { N: "6" } }],
    ]);
    await expect(outbox().addAll([entry("a", 1), entry("a", 3)])).rejects.toThrow(
      "1, 3; nothing was written",
    );
    await expect(outbox().addAll([entry("a", 1), entry("a", 1)])).rejects.toThrow("follow each other");
  });

  it.each([
    ["invalid-data", () => outbox().add(orderCreated, { order: 1.5, country: "NL" })],
    ["too-large", () => outbox().add(orderCreated, { order: 1, country: "x".repeat(300_000) })],
    ["unknown-contract", () => outbox().add({ ...orderCreated }, { order: 1, country: "NL" })],
    ["outbox-order", () => outbox().add(balanceMoved, { cents: 1 }, { partitionkey: "a" })],
    ["outbox-order", () => outbox().add(balanceMoved, { cents: 1 }, { order: "a" })],
    ["outbox-order", () => outbox().add(balanceMoved, { cents: 1 }, { sequence: 1 })],
    ["outbox-order", () => outbox().add(balanceMoved, { cents: 1 }, { order: "a b", sequence: 1 })],
    ["outbox-order", () => outbox().add(balanceMoved, { cents: 1 }, { order: "a", sequence: 0 })],
    ["outbox-order", () => outbox().add(balanceMoved, { cents: 1 }, { order: "a", sequence: 1.5 })],
    [
      "invalid-time",
      () => outbox().add(orderCreated, { order: 1, country: "NL" }, { time: new Date(Number.NaN) }),
    ],
  ])("refuses with %s what can never be sent", async (code, add) => {
    await expect(add()).rejects.toMatchObject({ name: "InvalidEventError", code });
  });

  it.each([
    ["source", { source: " " }],
    ["outbox-table", { table: "no/table" }],
    ["outbox-prefix", { prefix: "out box" }],
    ["outbox-key", { sortKey: "body" }],
    ["outbox-key", { partitionKey: "" }],
    ["outbox-option", { maxBytes: 500_000 }],
    ["outbox-option", { maxBytes: 100 }],
  ])("refuses with %s an outbox that cannot be", (code, more) => {
    const make = () => createOutbox({ table: "shop-outbox", source: "/shop", ...more });

    expect(make).toThrow(expect.objectContaining({ name: "SettingsError", code }));
  });
});

function outbox() {
  return createOutbox({ table: "shop-outbox", source: "/shop" });
}
