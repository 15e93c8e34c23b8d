import { describe, expect, it } from "@jest/globals";
import type { ParkedGroup, ParkedPage } from "../../../src/parking/index.ts";
import { dayMs, hourMs, minuteMs } from "../sources/sealed-world.ts";
import { deliveryWorld } from "./delivery-world.ts";

/** A bus with one consumer that is judged from now on. */
async function oneConsumer() {
  const world = deliveryWorld();
  world.deploy("Points");
  await world.run();
  await world.clock.advance(hourMs);
  return world;
}

/** What a run says of the consumer, after all has settled; and that nothing is asked again for ever. */
async function settled(world: Awaited<ReturnType<typeof oneConsumer>>) {
  await world.settle(5);
  const report = await world.run();
  return report.Points;
}

/** A group that waits behind a poison. */
const group: Omit<ParkedGroup, "consumer" | "sinceMs"> = {
  group: "customer-7",
  revision: 1,
  first: 0,
  tail: 1,
  poison: { key: "p", reason: "permanent", attempts: 1, diedAtMs: 0 },
  recent: [],
  release: undefined,
};

const agrees = { verdict: "agree", open: 0, onTheWay: 0, grey: 0 };

describe("deliveryReconciler raises no false alarm", () => {
  it("where a publisher tried again, seconds or a day later", async () => {
    const world = await oneConsumer();
    const event = { id: "again", timeMs: world.clock.nowMs() };
    await world.publish(event, event);
    await world.drain();
    await world.clock.advance(10_000);
    await world.publish(event);
    await world.settle(26);
    await world.publish(event);
    await world.drain();

    expect(await settled(world)).toMatchObject(agrees);
  });

  it("where an event died, was redriven and is done", async () => {
    const world = await oneConsumer();
    const event = { id: "redriven", timeMs: world.clock.nowMs() };
    await world.publish(event);
    world.consumers.get("Points")?.queue.splice(0);
    await world.complete([{ ...event, by: "Points", state: "dead" }]);
    await world.settle(5);
    expect(await world.run()).toMatchObject({ Points: agrees });

    world.consumers.get("Points")?.queue.push(event);
    world.note([{ ...event, by: "Points", state: "claimed" }]);
    await world.settle(5);
    await world.drain();

    expect(await settled(world)).toMatchObject(agrees);
  });

  it("where a replay ran events again, and where one brought what it was never to get", async () => {
    const world = await oneConsumer();
    const event = { id: "replayed", timeMs: world.clock.nowMs() };
    const foreign = { id: "foreign", type: "order.paid", timeMs: world.clock.nowMs() };
    await world.publish(event, foreign);
    await world.drain();
    await world.complete([
      { ...event, by: "Points", replay: "r-1" },
      { ...event, by: "Points", replay: "r-2", state: "dead" },
      { ...foreign, by: "Points" },
    ]);

    expect(await settled(world)).toMatchObject(agrees);
  });

  it.each([
    ["the first was handled", 0],
    ["the second was handled", 1],
  ])("where two events have one name, and %s", async (_, handled) => {
    const world = await oneConsumer();
    const first = { id: "same", timeMs: world.clock.nowMs(), data: { n: 1 } };
    await world.publish(first);
    await world.clock.advance(7 * minuteMs);
    const second = { id: "same", timeMs: world.clock.nowMs(), data: { n: 2 } };
    await world.publish(second);
    world.consumers.get("Points")?.queue.splice(0);
    // The other one is in the dead letters, and has no item of its own.
    await world.complete([{ ...(handled === 0 ? first : second), by: "Points" }]);

    expect(await settled(world)).toMatchObject(agrees);
  });

  it("where events are of long ago, of days ago, or of tomorrow", async () => {
    const world = await oneConsumer();
    for (let nth = 0; nth < 12; nth++) {
      const nowMs = world.clock.nowMs();
      await world.publish(
        { id: `1997-${nth}`, timeMs: Date.UTC(1997, 0, 1 + nth) },
        { id: `days-ago-${nth}`, timeMs: nowMs - 2 * dayMs - nth * hourMs },
        { id: `tomorrow-${nth}`, timeMs: nowMs + 20 * hourMs + nth * minuteMs },
        { id: `next-week-${nth}`, timeMs: nowMs + 7 * dayMs },
        { id: `day-after-${nth}`, timeMs: nowMs + dayMs + 1_000 },
      );
      // Handled a grain or two later: the journal keeps some of them at other times than the archive.
      await world.clock.advance(4 * minuteMs);
      await world.drain();
    }

    expect(await settled(world)).toMatchObject(agrees);
    await world.settle(30);
    expect(await settled(world)).toMatchObject(agrees);
  });

  it("and finds such events where they are lost", async () => {
    const world = await oneConsumer();
    world.unsubscribe("Points");
    const nowMs = world.clock.nowMs();
    await world.publish(
      { id: "1997", timeMs: Date.UTC(1997, 0, 1) },
      { id: "days-ago", timeMs: nowMs - 2 * dayMs },
      { id: "tomorrow", timeMs: nowMs + 20 * hourMs },
    );
    await world.settle(5);
    await world.run();
    expect(await world.open("Points")).toEqual(["missing-right 1997", "missing-right days-ago"]);

    await world.settle(22);
    await world.run();
    expect(await world.open("Points")).toContain("missing-right tomorrow");
  });

  it("where an event may wait in a parked group; what came before that, or after its release, is missing", async () => {
    const parked = { sinceMs: undefined as number | undefined };
    const list = async (consumer: string): Promise<ParkedPage> => {
      const { sinceMs } = parked;
      return { groups: sinceMs === undefined ? [] : [{ ...group, consumer, sinceMs }], cursor: undefined };
    };
    const world = deliveryWorld({ parts: { parked: { list } } });
    world.deploy("Points", { orders: {} }, { fifo: true, onPoison: "park" });
    await world.run();
    await world.clock.advance(hourMs);
    const lose = async (id: string) => {
      await world.publish({ id, timeMs: world.clock.nowMs() });
      world.consumers.get("Points")?.queue.splice(0);
      await world.clock.advance(3 * hourMs);
    };
    await lose("before");
    parked.sinceMs = world.clock.nowMs();
    await lose("waits");

    expect(await settled(world)).toMatchObject({ verdict: "differ", open: 1, onTheWay: 1 });
    expect(await world.open("Points")).toEqual(["missing-right before"]);

    parked.sinceMs = undefined;
    await world.run();
    expect(await world.open("Points")).toEqual(["missing-right before", "missing-right waits"]);
  });

  it("where the journal was told nothing: the ledger knows", async () => {
    const world = await oneConsumer();
    const event = { id: "unwritten", timeMs: world.clock.nowMs() };
    await world.publish(event);
    world.consumers.get("Points")?.queue.splice(0);
    world.note([{ ...event, by: "Points" }]);

    expect(await settled(world)).toMatchObject(agrees);
  });

  it("where an event has other types and topics than it wants", async () => {
    const world = await oneConsumer();
    const timeMs = world.clock.nowMs();
    await world.publish(
      { id: "paid", type: "order.paid", timeMs },
      { id: "stock", topic: "stock", timeMs },
      { id: "without-attributes", timeMs, attributes: { type: { Type: "String", Value: "other" } } },
    );
    await world.drain();

    expect(await settled(world)).toMatchObject(agrees);
  });

  it("tells of one name with other data in archive and ledger", async () => {
    const world = await oneConsumer();
    const event = { id: "changed", timeMs: world.clock.nowMs(), data: { cents: 1 } };
    await world.publish(event);
    world.consumers.get("Points")?.queue.splice(0);
    await world.complete([{ ...event, data: { cents: 2 }, by: "Points" }]);

    expect(await settled(world)).toMatchObject({ verdict: "differ", open: 1 });
    expect(await world.open("Points")).toEqual(["mismatch changed"]);
  });
});
