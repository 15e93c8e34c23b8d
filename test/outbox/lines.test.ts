import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { StreamRecord } from "../../src/outbox/index.ts";
import { type Fate, mortality } from "../helpers/mortal.ts";
import { orderCreated, outboxWorld, relaySettings } from "../helpers/outbox-world.ts";

const { graceMs } = relaySettings;
const context = { getRemainingTimeInMillis: () => 300_000 };

type World = ReturnType<typeof outboxWorld>;

async function moveAll({ move }: World, account: string, steps: readonly number[]) {
  const records: StreamRecord[] = [];
  for (const step of steps) {
    const record = await move(account, step);
    if (record) records.push(record);
  }
  return records;
}

function sweptOf({ lines }: World) {
  return lines.findLast((line) => "OutboxSweeps" in line);
}

/** The steps as they came first. */
function firstOf(steps: readonly number[]): readonly number[] {
  return [...new Set(steps)];
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("a relay's lines", () => {
  it("go out in their sequence, however the stream tells of them", async () => {
    const world = outboxWorld();
    const records = await moveAll(world, "a", upTo(40));
    const others = await moveAll(world, "b", upTo(3));

    await world.stream([...records.slice(20).reverse(), ...others, ...records]);
    await world.stream(records);

    expect(world.moved("a")).toEqual(upTo(40));
    expect(world.moved("b")).toEqual([1, 2, 3]);
    expect(world.store.waiting).toBe(0);
    expect(await world.store.head("a")).toEqual({ sent: 40 });
  });

  it("go out in their sequence on a standard topic, too: one is sent when the one before was taken", async () => {
    const world = outboxWorld({ onCall: () => new Promise((resolve) => world.clock.after(20, resolve)) });
    for (const sequence of upTo(5)) {
      const options = { id: `order-${sequence}`, order: "o", sequence };
      world.store.transact(await world.outbox.add(orderCreated, { order: sequence }, options));
    }
    await world.clock.advance(graceMs + 1);

    await world.sweep();

    expect(world.topics.calls.map(({ messages }) => messages.map(({ id }) => id))).toEqual(
      upTo(5).map((sequence) => [`order-${sequence}`]),
    );
  });

  it("stop where a row may go through a moment later, and name its records", async () => {
    let failures = 0;
    const world = outboxWorld({
      onMessage: ({ id }) =>
        id === "a-2" && ++failures <= 4
          ? { ok: false, code: "Throttling", message: "slow down", retryable: true }
          : undefined,
    });
    const records = await moveAll(world, "a", upTo(3));
    const other = await moveAll(world, "b", [1]);

    const failed = await world.stream([...records, ...other]);

    expect(failed).toEqual(["1", "2", "3"]);
    expect([world.moved("a"), world.moved("b")]).toEqual([[1], [1]]);
    expect(await world.stream(records)).toEqual([]);
    expect(world.moved("a")).toEqual([1, 2, 3]);
  });

  it("park their key behind a row that cannot be sent, and no other key", async () => {
    let isWell = false;
    const world = outboxWorld({
      onMessage: ({ id }) =>
        id === "a-2" && !isWell
          ? { ok: false, code: "InvalidParameter", message: "no", retryable: false }
          : undefined,
    });
    const records = await moveAll(world, "a", upTo(3));
    const others = await moveAll(world, "b", upTo(3));

    const failed = await world.stream([...records, ...others]);
    await world.clock.advance(graceMs + 1);
    await world.sweep();

    expect(failed).toEqual([]);
    expect([world.moved("a"), world.moved("b")]).toEqual([[1], [1, 2, 3]]);
    const head = await world.store.head("a");
    expect(head).toMatchObject({
      sent: 1,
      parked: { sequence: 2, reason: "InvalidParameter", message: "no" },
    });
    expect(sweptOf(world)).toMatchObject({ OutboxParked: 1, OutboxGaps: 0 });
    expect(world.lines.filter(({ outcome }) => outcome === "parked")).toHaveLength(1);
    isWell = true;
    await world.store.mend("a", head ?? { sent: 0 }, { sent: 1 });
    await world.sweep();
    expect(world.moved("a")).toEqual([1, 2, 3]);
    expect(sweptOf(world)).toMatchObject({ OutboxParked: 0, OutboxSwept: 2 });
  });

  it("wait for a sequence that is missing, tell of the gap, and go on when it turns up", async () => {
    const world = outboxWorld();
    const records = await moveAll(world, "a", upTo(4));
    const [missing] = (await world.store.line("a", 4)).slice(1);
    await world.store.remove(missing ? [missing.row.place] : []);

    await world.stream(records);
    await world.clock.advance(graceMs + 1);
    await world.sweep();

    expect(world.moved("a")).toEqual([1]);
    expect(sweptOf(world)).toMatchObject({ OutboxParked: 0, OutboxGaps: 1 });
    expect(sweptOf(world)?.OutboxOldestMs).toBeGreaterThan(graceMs);
    const image = records[1]?.dynamodb?.NewImage as never;
    world.store.transact([{ Put: { TableName: "shop-outbox", Item: image } }]);
    await world.stream(records.slice(1, 2));
    expect(world.moved("a")).toEqual([1, 2, 3, 4]);
  });

  it("park a key whose row comes when later ones are out: it would be out of order", async () => {
    const world = outboxWorld();
    const records = await moveAll(world, "a", upTo(2));
    await world.stream(records);
    const image = records[0]?.dynamodb?.NewImage as never;
    world.store.transact([{ Put: { TableName: "shop-outbox", Item: image } }]);

    await world.stream(records.slice(0, 1));

    expect(world.moved("a")).toEqual([1, 2]);
    expect(await world.store.head("a")).toMatchObject({ sent: 2, parked: { sequence: 1, reason: "behind" } });
  });

  it("are not left lying when a row is written while another relay holds their key", async () => {
    const world = outboxWorld({ onCall: () => new Promise((resolve) => world.clock.after(100, resolve)) });
    const [first] = await moveAll(world, "a", [1]);
    const working = world.process()({ Records: [first] }, context);
    await world.clock.advance(50);
    const [second] = await moveAll(world, "a", [2]);

    await world.stream([second as StreamRecord], world.process());
    await world.clock.until(working);

    expect(world.moved("a")).toEqual([1, 2]);
    expect(world.store.waiting).toBe(0);
  });

  it("park a row that no event can be made of, and leave one of a later format", async () => {
    const world = outboxWorld();
    const records = await moveAll(world, "a", [1]);
    const later = await moveAll(world, "b", [1]);
    const put = async (record: StreamRecord | undefined, more: object) => {
      const image = { ...record?.dynamodb?.NewImage, ...more } as never;
      const { S: key = "" } = (record?.dynamodb?.NewImage?.group ?? {}) as { S?: string };
      const [row] = await world.store.line(key, 1);
      await world.store.remove(row ? [row.row.place] : []);
      world.store.transact([{ Put: { TableName: "shop-outbox", Item: image } }]);
    };
    await put(records[0], { body: { S: "" } });
    await put(later[0], { v: { N: "2" } });

    await world.stream([...records, ...later]);

    expect(await world.store.head("a")).toMatchObject({ parked: { reason: "bad-row" } });
    expect((await world.store.head("b"))?.parked).toBeUndefined();
    expect(world.store.waiting).toBe(2);
  });
});

describe("lines whose relays are killed at any call", () => {
  it("lose no row, and none comes first before the one before it, however many relays race", async () => {
    const accounts = ["a", "b", "c"];
    const steps = 12;
    const fates = ["dies-before", "dies-after", "throws-before", "throws-after"] as const;
    const seen = { deaths: 0, failures: 0, repeats: 0, stalls: 0, waits: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer({ min: 1, max: 1_000_000 }),
          rate: fc.double({ min: 0.02, max: 0.2, noNaN: true }),
          relays: fc.constantFrom(1, 2, 5),
        }),
        async ({ seed, rate, relays }) => {
          let isOver = false;
          const world = outboxWorld({
            seed,
            onCall: async () => {
              // Longer than a lease: a relay comes back when another is at work.
              if (isOver || world.clock.random() > 0.03) return;
              seen.stalls++;
              await new Promise<void>((resolve) => world.clock.after(90_000, resolve));
            },
            onMessage: () =>
              !isOver && world.clock.random() < 0.5
                ? { ok: false, code: "Throttling", message: "slow down", retryable: true }
                : undefined,
          });
          const fate: Fate = () => {
            if (world.clock.random() >= rate) return "lives";
            const end = fates[Math.floor(world.clock.random() * fates.length)] ?? "lives";
            if (end.startsWith("throws")) seen.failures++;
            return end;
          };
          const mortals = mortality(fate);
          const records: StreamRecord[] = [];
          const writer = async () => {
            for (let step = 1; step <= steps; step++) {
              for (const account of accounts) records.push(...(await moveAll(world, account, [step])));
              await new Promise<void>((resolve) => world.clock.after(5_000, resolve));
            }
          };
          const one = async () => {
            for (let rounds = 0; rounds < 10; rounds++) {
              const mortal = mortals.process();
              const handler = world.process({
                store: mortal.wrap(world.store, { mayThrow: true }),
                topics: mortal.wrap(world.topics, { mayThrow: true }),
              });
              const batch = records.slice(-20).sort(() => world.clock.random() - 0.5);
              const event = world.clock.random() < 0.3 ? {} : { Records: batch };
              await mortal.run(handler(event, context).catch(() => undefined));
              await new Promise<void>((resolve) => world.clock.after(20_000 * world.clock.random(), resolve));
            }
          };
          await world.clock.until(Promise.all([writer(), ...Array.from({ length: relays }, one)]));
          isOver = true;
          await world.clock.advance(graceMs + 120_000);
          await world.sweep();

          for (const account of accounts) {
            expect(firstOf(world.moved(account))).toEqual(upTo(steps));
            seen.repeats += world.moved(account).length - steps;
          }
          expect(world.store.waiting).toBe(0);
          seen.deaths += mortals.deaths;
          seen.waits += world.lines.filter(({ outcome }) => outcome === "waits").length;
        },
      ),
      { numRuns: 20, seed: 11 },
    );

    // Fewer would have shown nothing.
    expect(seen.deaths).toBeGreaterThan(50);
    expect(seen.failures).toBeGreaterThan(50);
    expect(seen.repeats).toBeGreaterThan(20);
    expect(seen.stalls).toBeGreaterThan(20);
    expect(seen.waits).toBeGreaterThan(20);
  });
});
