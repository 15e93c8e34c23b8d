import { describe, expect, it } from "@jest/globals";
import { allShards } from "../../src/outbox/index.ts";
import { outboxWorld, relaySettings } from "../helpers/outbox-world.ts";

const throttled = { ok: false, code: "Throttling", message: "slow down", retryable: true } as const;
const badParameter = { ok: false, code: "InvalidParameter", message: "no", retryable: false } as const;

async function deadOf({ store }: ReturnType<typeof outboxWorld>) {
  return (await Promise.all(allShards.map((shard) => store.dead(shard, { most: 100 })))).flat();
}

describe("a relay behind the stream", () => {
  it("publishes each row with its bytes, in batches, and removes it", async () => {
    const world = outboxWorld();
    const records = await Promise.all(Array.from({ length: 25 }, (_, order) => world.write(order)));

    const failures = await world.stream(records);

    expect(failures).toEqual([]);
    expect(world.taken().map(({ body }) => body)).toEqual(
      records.map(({ dynamodb }) => (dynamodb?.NewImage?.body as { S?: string } | undefined)?.S),
    );
    expect(world.topics.calls).toHaveLength(3);
    expect(world.store.waiting).toBe(0);
  });

  it("passes by what is no new row: changes, removals, the dead, leases, a table's other items", async () => {
    const world = outboxWorld();
    const record = await world.write(1);
    const image = record.dynamodb?.NewImage;
    const other = (pk: string) => ({ ...record, dynamodb: { NewImage: { ...image, pk: { S: pk } } } });

    await world.stream([
      { ...record, eventName: "MODIFY" },
      { eventName: "REMOVE", dynamodb: { SequenceNumber: "7" } },
      ...["dead#01", "sweep#01", "customer#1"].map(other),
      { eventName: "INSERT", dynamodb: { NewImage: { id: { S: "1" } } } },
    ]);

    expect(world.taken()).toEqual([]);
    expect(world.store.waiting).toBe(1);
  });

  it("names the records whose rows may go through a moment later, and lets the others go", async () => {
    let calls = 0;
    const world = outboxWorld({
      onMessage: ({ id }) => (id === "order-2" && ++calls <= 4 ? throttled : undefined),
    });
    const records = [await world.write(1), await world.write(2), await world.write(3)];

    const failures = await world.stream(records);

    expect(failures).toEqual(["2"]);
    expect(world.taken().map(({ id }) => id)).toEqual(["order-1", "order-3"]);
    expect(world.store.waiting).toBe(1);
    expect(await world.stream(records.slice(1, 2))).toEqual([]);
    expect(world.store.waiting).toBe(0);
  });

  it("sends nothing again that is out, when an old batch of the stream comes back", async () => {
    const world = outboxWorld();
    const records = [await world.write(1), await world.write(2)];
    await world.stream(records.slice(0, 1));
    await world.clock.advance(6_000);

    await world.stream(records);

    expect(world.taken().map(({ id }) => id)).toEqual(["order-1", "order-2"]);
  });

  it("puts a row aside that SNS refuses, with the reason, and sends its neighbours", async () => {
    const world = outboxWorld({ onMessage: ({ id }) => (id === "order-2" ? badParameter : undefined) });
    const records = [await world.write(1), await world.write(2), await world.write(3)];

    const failures = await world.stream(records);

    const dead = await deadOf(world);
    expect(failures).toEqual([]);
    expect(world.taken().map(({ id }) => id)).toEqual(["order-1", "order-3"]);
    expect(world.store.waiting).toBe(0);
    expect(dead.map(({ row, death }) => [row?.message.id, death.reason, death.message])).toEqual([
      ["order-2", "InvalidParameter", "no"],
    ]);
    expect(world.lines).toContainEqual(
      expect.objectContaining({ level: "error", outcome: "dead", id: "order-2", reason: "InvalidParameter" }),
    );
  });

  it("finds the one that spoils a whole call", async () => {
    const world = outboxWorld({
      onCall: (_, messages) => {
        if (messages.some(({ id }) => id === "order-2")) throw named("InvalidParameterException");
      },
    });

    await world.stream([await world.write(1), await world.write(2), await world.write(3)]);

    expect(
      world
        .taken()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["order-1", "order-3"]);
    expect((await deadOf(world)).map(({ death }) => death.reason)).toEqual(["InvalidParameterException"]);
  });

  it("puts a row aside that is too large for its topic by now", async () => {
    const world = outboxWorld();
    const record = await world.write(1, "x".repeat(100_000));

    await world.stream([record], world.process({ settings: { maxBytes: 65_536 } }));

    expect((await deadOf(world)).map(({ death }) => death.reason)).toEqual(["too-large"]);
  });

  it("keeps a row whose topic is not there: the bus is at fault, and not the row", async () => {
    const world = outboxWorld({ exist: [] });

    const failures = await world.stream([await world.write(1)]);

    expect(failures).toEqual([]);
    expect(world.store.waiting).toBe(1);
    expect(await deadOf(world)).toEqual([]);
    expect(world.lines).toContainEqual(
      expect.objectContaining({ level: "warn", outcome: "waits", reason: "NotFoundException", rows: 1 }),
    );
  });

  it.each([
    ["v", { N: "0" }],
    ["body", { S: "" }],
    ["topic", { S: "Orders!" }],
    ["created", { N: "1.5" }],
    ["attributes", { S: "[1]" }],
    ["attributes", { S: '{"a":{}}' }],
    ["attributes", { S: "{" }],
    ["topic", { S: "orders.fifo" }],
    ["id", undefined],
  ])("puts a row aside whose %s no event can be made of", async (name, value) => {
    const world = outboxWorld();
    const record = await world.write(1);
    const item = {
      ...(record.dynamodb?.NewImage as object),
      sk: { S: "2026-03-01T12:00:00.000Z bad" },
      [name]: value,
    };
    const image = JSON.parse(JSON.stringify(item));
    world.store.transact([{ Put: { TableName: "shop-outbox", Item: image } }]);

    await world.stream([{ eventName: "INSERT", dynamodb: { SequenceNumber: "9", NewImage: image } }, record]);

    const [dead] = await deadOf(world);
    expect(dead?.death.reason).toBe("bad-row");
    expect(dead?.death.message).toContain(name === "id" ? "id, source" : name);
    expect(dead?.row).toBeUndefined();
    expect(world.taken().map(({ id }) => id)).toEqual(["order-1"]);
  });

  it("leaves a row of a later format to a later version", async () => {
    const world = outboxWorld();
    const record = await world.write(1);
    const image = { ...record.dynamodb?.NewImage, v: { N: "2" } };

    await world.stream([{ ...record, dynamodb: { NewImage: image } }]);

    expect(world.taken()).toEqual([]);
    expect(world.store.waiting).toBe(1);
    expect(await deadOf(world)).toEqual([]);
  });

  it("counts what it sent, and how long that had waited; a writer's clock that is ahead counts as now", async () => {
    const world = outboxWorld();
    const early = await world.write(1);
    await world.clock.advance(250);

    await world.stream([early, await world.write(2)]);

    expect(world.lines).toContainEqual(
      expect.objectContaining({ Bus: "shop", Job: "relay", OutboxSent: 2, OutboxLagMs: [250, 0] }),
    );
  });

  it("sends a row again that it could not remove, with the same bytes", async () => {
    const world = outboxWorld();
    let fails = true;
    const store = {
      ...world.store,
      remove: async (places: readonly never[]) => {
        if (fails) throw new Error("no answer");
        return world.store.remove(places);
      },
    };
    const handler = world.process({ store });
    await world.stream([await world.write(1)], handler);
    expect(world.store.waiting).toBe(1);
    fails = false;
    await world.clock.advance(relaySettings.graceMs + 1);

    await world.sweep(handler);

    const [first, second] = world.taken();
    expect(world.taken()).toHaveLength(2);
    expect(second).toEqual(first);
    expect(world.store.waiting).toBe(0);
  });

  it("refuses what is no batch of a stream", async () => {
    const handler = outboxWorld().process();

    await expect(handler({ Records: "x" }, { getRemainingTimeInMillis: () => 1 })).rejects.toThrow(
      "no batch of a stream",
    );
  });
});

function named(name: string): Error {
  const error = new Error("one of them is bad");
  error.name = name;
  return error;
}
