import { describe, expect, it } from "@jest/globals";
import { hourMs } from "../sources/sealed-world.ts";
import { deliveryWorld } from "./delivery-world.ts";

type World = ReturnType<typeof deliveryWorld>;

/** A bus with three consumers that is judged from now on. */
async function threeConsumers(given: Parameters<typeof deliveryWorld>[0] = {}): Promise<World> {
  const world = deliveryWorld(given);
  for (const name of ["Points", "Stock", "Mail"]) world.deploy(name);
  await world.run();
  await world.clock.advance(hourMs);
  return world;
}

/** All that is open, by consumer. */
async function allOpen(world: World) {
  return {
    Points: await world.open("Points"),
    Stock: await world.open("Stock"),
    Mail: await world.open("Mail"),
  };
}

describe("what is lost on the way to a consumer", () => {
  it("is found where a filter was narrowed by hand, and nothing else", async () => {
    const world = await threeConsumers();
    world.deploy("Points", { orders: { type: ["order.created"], cents: [{ numeric: [">=", 0] }] } });
    await world.run();
    await world.clock.advance(hourMs);
    const points = world.consumers.get("Points");
    if (points)
      points.subscriptions = { orders: { type: ["order.created"], cents: [{ numeric: [">=", 500] }] } };
    for (const [nth, cents] of [100, 499, 500, 900].entries()) {
      await world.publish({
        id: `o-${nth}`,
        timeMs: world.clock.nowMs(),
        attributes: { cents: { Type: "Number", Value: String(cents) } },
      });
    }
    await world.publish({ id: "o-none", timeMs: world.clock.nowMs() });
    await world.drain();
    await world.settle();

    await world.run();

    expect(await allOpen(world)).toEqual({
      Points: ["missing-right o-0", "missing-right o-1"],
      Stock: [],
      Mail: [],
    });
  });

  it("is found where a queue was purged", async () => {
    const world = await threeConsumers();
    await world.live(1, "a");
    await world.publish({ id: "purged-1", timeMs: world.clock.nowMs() });
    await world.publish({ id: "purged-2", timeMs: world.clock.nowMs() });
    world.consumers.get("Stock")?.queue.splice(0);
    await world.drain();
    await world.live(1, "b");
    await world.settle();

    await world.run();

    expect(await allOpen(world)).toEqual({
      Points: [],
      Stock: ["missing-right purged-1", "missing-right purged-2"],
      Mail: [],
    });
  });

  it("is found where the last event of all was lost, and nothing came after it", async () => {
    const world = await threeConsumers();
    await world.live(2, "a");
    world.unsubscribe("Points");
    await world.publish({ id: "last", timeMs: world.clock.nowMs() });
    await world.drain();
    await world.settle();

    const report = await world.run();

    expect(await world.open("Points")).toEqual(["missing-right last"]);
    expect(report.Points?.unsubscribed).toEqual(["orders"]);
  });

  it("is found in a claim that never ended, with the reason; and left alone while it may end", async () => {
    const world = await threeConsumers();
    world.deploy("Points", undefined, { attempts: 4, firstDelayMs: hourMs, maxDelayMs: 4 * hourMs });
    await world.run();
    await world.clock.advance(hourMs);
    const event = { id: "stuck", timeMs: world.clock.nowMs() };
    await world.publish(event);
    world.consumers.get("Points")?.queue.splice(0);
    world.note([{ ...event, by: "Points", state: "claimed", attempts: 3 }]);
    await world.drain();
    await world.settle(6);

    // Its retries may last 7 hours after its last run: 1 + 2 + 4.
    expect(await world.run()).toMatchObject({ Points: { open: 0, onTheWay: 1 } });
    await world.settle(3);
    expect(await world.run()).toMatchObject({ Points: { open: 1, onTheWay: 0 } });
    const { plan } = (await world.ask({ do: "plan", job: "delivery-Points" })) as { plan: string };
    const kept = world.parts.objects.get(`plans/delivery-Points/${plan}.json`);
    expect(JSON.parse((await kept)?.body.toString() ?? "").items[0].how).toMatchObject({
      do: "send",
      because: "it was claimed and never ended, 8 h ago, after 3 runs",
    });
  });

  it("is found where an event was published long after its own time", async () => {
    const world = await threeConsumers();
    await world.live(12, "a");
    await world.settle();
    expect(await world.run()).toMatchObject({ Points: { verdict: "agree" } });
    const timeMs = world.clock.nowMs() - 10 * hourMs;

    const restore = world.unsubscribe("Points");
    await world.publish({ id: "late-and-lost", timeMs });
    restore();
    await world.publish({ id: "late", timeMs });
    await world.drain();
    await world.settle();

    // Its span was compared long ago.
    await world.run();
    expect(await allOpen(world)).toEqual({ Points: ["missing-right late-and-lost"], Stock: [], Mail: [] });
  });
});

describe("what is lost on the way to the archive", () => {
  it("is found where the archive's subscription was gone, and is a person's", async () => {
    const world = await threeConsumers();
    await world.live(1, "a");
    world.now.archives = false;
    await world.live(1, "unarchived", 3);
    world.now.archives = true;
    await world.live(3, "b");
    await world.settle();

    await world.run();

    const lost = [
      "missing-left unarchived-0-0",
      "missing-left unarchived-0-1",
      "missing-left unarchived-0-2",
    ];
    expect(await allOpen(world)).toEqual({ Points: lost, Stock: lost, Mail: lost });
    const planned = await world.ask({ do: "plan", job: "delivery-Mail" });
    expect(planned).toMatchObject({ items: 3, totals: { how: { send: 0, tell: 3 } } });
  });

  it("is not called missing while it waits for the archiver; then it comes, and is judged", async () => {
    const world = await threeConsumers();
    await world.live(1, "a");
    world.now.archiver = false;
    await world.live(3, "waits", 4);
    const restore = world.unsubscribe("Stock");
    await world.live(1, "lost", 2);
    restore();
    await world.settle(6);

    const during = await world.run();
    expect(during).toMatchObject({
      Points: { open: 0, onTheWay: 14 },
      Stock: { open: 0, onTheWay: 12 },
    });

    world.now.archiver = true;
    await world.archiveAll();
    await world.settle(2);
    expect(await world.run()).toMatchObject({ Points: { verdict: "agree", onTheWay: 0 } });
    expect(await allOpen(world)).toEqual({
      Points: [],
      Stock: ["missing-right lost-0-0", "missing-right lost-0-1"],
      Mail: [],
    });
  });
});

describe("what waits", () => {
  it("is not missing: a paused consumer's queue is left to it", async () => {
    const world = await threeConsumers();
    await world.live(1, "a");
    for (let nth = 0; nth < 5; nth++)
      await world.publish({ id: `waits-${nth}`, timeMs: world.clock.nowMs() });
    await world.drain("Stock", "Mail");
    await world.settle(12);

    const during = await world.run();
    expect(during).toMatchObject({ Points: { open: 0, onTheWay: 5, verdict: "agree" } });

    await world.drain("Points");
    await world.settle(1);
    expect(await world.run()).toMatchObject({ Points: { verdict: "agree", open: 0, onTheWay: 0 } });
  });

  it("hides no loss that happened before: a queue that is worked through holds nothing old", async () => {
    const world = await threeConsumers();
    await world.publish({ id: "purged", timeMs: world.clock.nowMs() });
    world.consumers.get("Points")?.queue.splice(0);
    await world.live(4, "a");
    await world.settle(2);
    await world.publish({ id: "just-came", timeMs: world.clock.nowMs() });

    await world.run();

    expect(await world.open("Points")).toEqual(["missing-right purged"]);
  });

  it("in bulk makes the rest unknown, without a look at each event", async () => {
    const world = await threeConsumers();
    await world.live(2, "a");
    await world.publish(
      ...Array.from({ length: 1_500 }, (_, nth) => ({ id: `bulk-${nth}`, timeMs: world.clock.nowMs() })),
    );
    await world.drain("Stock", "Mail");
    await world.settle(6);
    let asked = 0;
    const ledger = {
      read: (keys: readonly string[]) => {
        asked += keys.length;
        return world.ledger.read(keys);
      },
    };
    world.restart({ ledger });

    const during = await world.run();

    expect(during).toMatchObject({
      Points: { verdict: "unknown", open: 0 },
      Stock: { verdict: "agree" },
      Mail: { verdict: "agree" },
    });
    expect(asked).toBe(0);
    await world.drain("Points");
    await world.settle(1);
    expect(await world.run()).toMatchObject({ Points: { verdict: "agree", open: 0 } });
  });

  it("cannot be told where SQS does not answer: then nothing is missing", async () => {
    const world = await threeConsumers();
    await world.publish({ id: "purged", timeMs: world.clock.nowMs() });
    world.consumers.get("Points")?.queue.splice(0);
    await world.drain();
    await world.settle();
    world.restart({ sight: { ...world.sight, messages: () => Promise.reject(new Error("throttled")) } });

    expect(await world.run()).toMatchObject({ Points: { open: 0, onTheWay: 1 } });
    world.restart();
    expect(await world.run()).toMatchObject({ Points: { open: 1 } });
  });
});
