import { describe, expect, it } from "@jest/globals";
import { orderWritten } from "../../../drills/outbox/contracts.ts";
import { judge } from "../../../drills/outbox/judge.ts";
import { orderOf, placedFor } from "../../../drills/outbox/order-of.ts";
import type { Effects } from "../../../drills/outbox/readings.ts";
import type { StreamRecord } from "../../../src/outbox/index.ts";
import { mortality } from "../../helpers/mortal.ts";
import { outboxWorld, relaySettings } from "../../helpers/outbox-world.ts";

const placed = placedFor(400);
const promised = 10;
const batchSize = 10;

/** The drill in memory and virtual time: writers and relays die at one step in so many, and others go on. */
async function play({ publishesFirst = false } = {}) {
  const world = outboxWorld({ seed: 11 });
  const written = new Map<number, number>();
  const records: StreamRecord[] = [];
  const dies = (share: number) => () => {
    if (world.clock.random() >= share) return "lives" as const;
    return world.clock.random() < 0.5 ? ("dies-before" as const) : ("dies-after" as const);
  };

  const writers = mortality(dies(0.03));
  /** One transaction: the order and its row, or neither. */
  const commit = async (number: number) => {
    const { order, cents, isRolledBack } = orderOf(number);
    const data = { order, cents, writtenMs: world.clock.nowMs() };
    const writes = await world.outbox.add(orderWritten, data, { id: `order-${order}` });
    const NewImage = writes[0]?.Put?.Item ?? {};
    const record = { eventName: "INSERT", dynamodb: { SequenceNumber: String(number), NewImage } };
    if (publishesFirst) await world.stream([record]);
    if (isRolledBack || written.has(order)) return;
    world.store.transact(writes);
    written.set(order, cents);
    records.push(record);
  };
  let next = 0;
  for (let writer = writers.process(); next < placed; writer = writers.process()) {
    const work = async () => {
      // From where the last one had said that all is written, and a little before.
      for (next = Math.max(0, next - 3); next < placed; next++) await writer.step(() => commit(next));
    };
    await writer.run(work());
  }

  const relays = mortality(dies(0.2));
  for (let from = 0; from < records.length; from += batchSize) {
    const relay = relays.process();
    const handler = world.process({ store: relay.wrap(world.store), topics: relay.wrap(world.topics) });
    const event = { Records: records.slice(from, from + batchSize) };
    await world.clock.until(relay.run(handler(event, { getRemainingTimeInMillis: () => 300_000 })));
  }
  await world.clock.advance(relaySettings.graceMs + 60_001);
  await world.sweep();

  const heard = new Map(
    world.taken().map(({ body }) => {
      const { data } = JSON.parse(body) as { data: { order: number; cents: number } };
      return [data.order, data.cents] as const;
    }),
  );
  const sum = (cents: Iterable<number>) => [...cents].reduce((total, one) => total + one, 0);
  const effects: Effects = {
    orders: heard.size,
    cents: sum(heard.values()),
    lost: [...written.keys()].filter((order) => !heard.has(order)).length,
    ghosts: [...heard.keys()].filter((order) => !written.has(order)).length,
    twice: 0,
  };
  const readings = {
    ...{ orders: written.size, cents: sum(written.values()), lagP50Ms: 0, lagP99Ms: 0 },
    ...{ effects: { Points: effects, Ship: effects }, left: world.store.waiting, deadLetters: 0 },
  };
  const repeats = world.taken().length - heard.size;
  const killed = { writerKills: writers.deaths, relayKills: relays.deaths };
  return judge({ ...{ placed, promised, repeats, readings }, ...killed });
}

describe("the outbox drill, small and in virtual time", () => {
  it("loses nothing, makes nothing up, and agrees to the cent", async () => {
    const result = await play();

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({
      orders: 400,
      rolledBack: 20,
      lost: 0,
      ghosts: 0,
      centsOff: 0,
      pass: true,
    });
    expect(result.repeats).toBeGreaterThan(0);
  });

  it("sees the ghosts of a writer that publishes before it commits", async () => {
    const result = await play({ publishesFirst: true });

    expect(result.ghosts).toBeGreaterThan(0);
    expect(result.pass).toBe(false);
  });
});
