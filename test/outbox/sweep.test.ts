import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { allShards, createOutbox } from "../../src/outbox/index.ts";
import { orderCreated, outboxWorld, relaySettings } from "../helpers/outbox-world.ts";

const { graceMs } = relaySettings;

/** The last line that a sweep wrote of itself. */
function sweptOf({ lines }: ReturnType<typeof outboxWorld>) {
  return lines.findLast((line) => "OutboxSweeps" in line);
}

describe("a relay's sweep", () => {
  it("sends what has waited for longer than the grace, and leaves to the stream what has not", async () => {
    const world = outboxWorld();
    await world.write(1);
    await world.clock.advance(graceMs + 1);
    await world.write(2);

    await world.sweep();

    expect(world.taken().map(({ id }) => id)).toEqual(["order-1"]);
    expect(world.store.waiting).toBe(1);
    expect(sweptOf(world)).toMatchObject({
      OutboxSweeps: 1,
      OutboxSwept: 1,
      OutboxOldestMs: 0,
      OutboxDead: 0,
    });
  });

  it("sends hundreds that a stream has forgotten, in full batches", async () => {
    const world = outboxWorld();
    for (let order = 0; order < 1_000; order++) await world.write(order);
    await world.clock.advance(86_400_000);

    await world.sweep();

    expect(new Set(world.taken().map(({ id }) => id)).size).toBe(1_000);
    expect(world.taken()).toHaveLength(1_000);
    expect(world.store.waiting).toBe(0);
    // Some 31 rows a shard.
    expect(world.topics.calls.length).toBeLessThan(150);
  });

  it("asks once for each shard, and writes nothing, where nothing waits", async () => {
    const world = outboxWorld();
    const calls: string[] = [];
    const store = new Proxy(world.store, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => {
          calls.push(String(name));
          return member.apply(target, given);
        };
      },
    });

    await world.sweep(world.process({ store }));

    expect(new Set(calls)).toEqual(new Set(["due", "firsts", "dead"]));
    expect(calls).toHaveLength(3 * allShards.length);
  });

  it("sends what a writer whose clock is an hour ahead has put", async () => {
    const world = outboxWorld();
    const ahead = virtualClock({ startMs: world.clock.nowMs() + 3_600_000 });
    const outbox = createOutbox({ table: relaySettings.table, source: "/shop", clock: ahead });
    world.store.transact(await outbox.add(orderCreated, { order: 1 }));

    await world.sweep();

    expect(world.taken()).toHaveLength(1);
    expect(world.store.waiting).toBe(0);
  });

  it("goes on behind rows that it cannot send, and tells how long the oldest waits", async () => {
    const world = outboxWorld({
      onMessage: ({ id }) =>
        Number(id.slice(6)) < 300
          ? { ok: false, code: "KMSDisabled", message: "the key is disabled", retryable: false }
          : undefined,
    });
    for (let order = 0; order < 310; order++) await world.write(order);
    await world.clock.advance(graceMs + 5_000);

    await world.sweep();

    expect(world.taken()).toHaveLength(10);
    expect(world.store.waiting).toBe(300);
    expect(sweptOf(world)?.OutboxOldestMs).toBeGreaterThanOrEqual(graceMs + 5_000);
  });

  it("tells of the dead as long as they lie there, and sends one that was put back", async () => {
    let isWell = false;
    const world = outboxWorld({
      onMessage: () =>
        isWell ? undefined : { ok: false, code: "InvalidParameter", message: "no", retryable: false },
    });
    await world.stream([await world.write(1)]);
    await world.sweep();
    expect(sweptOf(world)).toMatchObject({ OutboxDead: 1, OutboxOldestMs: 0 });
    isWell = true;
    const dead = (await Promise.all(allShards.map((shard) => world.store.dead(shard, { most: 1 })))).flat();
    await world.store.revive(dead[0]?.place ?? { partition: "", sort: "" });
    await world.clock.advance(graceMs + 1);

    await world.sweep();

    expect(world.taken().map(({ id }) => id)).toEqual(["order-1"]);
    expect(sweptOf(world)).toMatchObject({ OutboxDead: 0, OutboxSwept: 1 });
  });

  it("shares a backlog with other sweeps: five at once send each row once", async () => {
    const world = outboxWorld({ onCall: () => new Promise((resolve) => world.clock.after(50, resolve)) });
    for (let order = 0; order < 500; order++) await world.write(order);
    await world.clock.advance(graceMs + 1);

    await Promise.all([1, 2, 3, 4, 5].map(() => world.sweep(world.process())));

    expect(world.taken()).toHaveLength(500);
    expect(world.store.waiting).toBe(0);
  });

  it("takes over from a sweep that was killed, when its lease has ended", async () => {
    const world = outboxWorld();
    await world.write(1);
    await world.clock.advance(graceMs + 1);
    for (const shard of allShards) await world.store.takeSweep(shard, "killed", world.clock.nowMs() + 60_000);

    await world.sweep();
    expect(world.taken()).toEqual([]);
    expect(sweptOf(world)?.OutboxOldestMs).toBeGreaterThan(graceMs);
    await world.clock.advance(60_000);
    await world.sweep();

    expect(world.taken()).toHaveLength(1);
  });

  it("begins nothing that it has no time for, and does not call a part the whole", async () => {
    const world = outboxWorld();
    await world.write(1);
    await world.clock.advance(graceMs + 1);

    await world.clock.until(world.process()({}, { getRemainingTimeInMillis: () => 10_000 }));

    expect(world.taken()).toEqual([]);
    expect(sweptOf(world)).not.toHaveProperty("OutboxDead");
  });
});
