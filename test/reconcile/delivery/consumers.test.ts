import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { hourMs, minuteMs } from "../sources/sealed-world.ts";
import { deliveryWorld } from "./delivery-world.ts";

const valid = (name: string) =>
  new Ajv2020({ validateFormats: false, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(new URL(`../../../schema/${name}.schema.json`, import.meta.url), "utf8")),
  );

describe("deliveryReconciler and the consumers of a bus", () => {
  it("says of each that it does not judge why", async () => {
    const world = deliveryWorld();
    const { sight } = world;
    for (const name of ["None", "Old", "Torn", "Short", "Known"]) world.deploy(name);
    sight.functions.set("None", withSettings(world, "None", { mode: "none" }));
    const old = withSettings(world, "Old", {});
    const { filters: _, ...withoutFilters } = old.settings ?? {};
    sight.functions.set("Old", { ...old, settings: withoutFilters as typeof old.settings });
    sight.functions.set("Torn", { settings: undefined, changedMs: 1 });
    sight.functions.set("Short", withSettings(world, "Short", { keepMs: 26 * hourMs }));
    sight.subscriptions
      .get("orders")
      ?.push(
        "arn:aws:sqs:eu-central-1:999999999999:shop-Abroad",
        "arn:aws:sqs:us-east-1:123456789012:shop-FarAway",
        "arn:aws:sqs:eu-central-1:123456789012:shop-Unborn",
        "arn:aws:sqs:eu-central-1:123456789012:shop-archive",
        "arn:aws:sqs:eu-central-1:123456789012:somebody-elses",
      );

    const report = await world.run();

    expect(report).toMatchObject({
      None: { verdict: "not judged", why: expect.stringContaining("mode none") },
      Old: { verdict: "not judged", why: expect.stringContaining("no filters") },
      Torn: { verdict: "not judged", why: expect.stringContaining("cannot be read") },
      Short: { verdict: "not judged", why: expect.stringContaining("expire before they can be compared") },
      Abroad: { verdict: "not judged", why: expect.stringContaining("another account or region") },
      FarAway: { verdict: "not judged", why: expect.stringContaining("another account or region") },
      Unborn: { verdict: "not judged", why: "there is no function shop-Unborn" },
      Known: { verdict: "agree" },
    });
    expect(Object.keys(report)).toHaveLength(8);
    const latest = await world.parts.objects.get("reports/delivery/latest.json");
    const kept = JSON.parse(latest?.body.toString() ?? "");
    expect(valid("delivery-report")(kept)).toBe(true);
    for (const { known } of await world.parts.known.list()) {
      expect(valid("delivery-consumer")(known)).toBe(true);
    }
    await expect(world.ask({ do: "plan", job: "delivery-None" })).rejects.toThrow(
      "the delivery of None is not judged: mode none",
    );
    await expect(world.ask({ do: "plan", job: "delivery-Nobody" })).rejects.toThrow("no such consumer");
    await expect(world.ask({ do: "plan", job: "banks" })).rejects.toThrow("begins with delivery-");
  });

  it("judges those that could be looked at, where Lambda does not answer for one; and that one the next time", async () => {
    const world = deliveryWorld();
    for (const name of ["Points", "Stock"]) world.deploy(name);
    await world.run();
    await world.clock.advance(hourMs);
    await world.live(1, "a");
    world.unsubscribe("Points");
    world.unsubscribe("Stock");
    await world.live(1, "lost", 1);
    await world.settle(5);
    world.restart({
      sight: {
        ...world.sight,
        consumerFunction: (name) =>
          name === "Points" ? Promise.reject(new Error("throttled")) : world.sight.consumerFunction(name),
      },
    });

    expect(await world.run()).toMatchObject({
      Points: { verdict: "not judged", why: expect.stringContaining("throttled") },
      Stock: { verdict: "differ", open: 1 },
    });
    world.restart();
    expect(await world.run()).toMatchObject({ Points: { verdict: "differ", open: 1 } });
  });

  it("goes on with the others where one fails, and says so in its metrics", async () => {
    const world = deliveryWorld();
    for (const name of ["Points", "Stock"]) world.deploy(name);
    await world.run();
    const { store } = world.parts;
    world.restart({
      store: {
        ...store,
        begin: (job, ...more) =>
          job === "delivery-Points" ? Promise.reject(new Error("table is gone")) : store.begin(job, ...more),
      },
    });

    expect(await world.run()).toMatchObject({
      Points: { verdict: "failed", why: expect.stringContaining("table is gone") },
      Stock: { verdict: "agree" },
    });
    const metrics = world.lines.flatMap((some) => some.split("\n")).map((line) => JSON.parse(line));
    expect(metrics.findLast(({ Job }) => Job === "delivery")).toMatchObject({
      UnknownSpans: 1,
      BoundHeld: 0,
    });
    expect(metrics.findLast(({ level }) => level === "error")).toMatchObject({ consumer: "Points" });
  });

  it("begins with those that ran longest ago where there is no time for all", async () => {
    const world = deliveryWorld();
    for (const name of ["A", "B", "C"]) world.deploy(name);
    // Each look at a queue takes some seconds: two consumers are all that an invocation has time for.
    const slow = {
      ...world.sight,
      messages: async (queue: string) => {
        await new Promise<void>((resolve) => world.clock.after(4_000, resolve));
        return world.sight.messages(queue);
      },
    };
    world.restart({ sight: slow });

    const first = await world.run({ forMs: 24_000 });
    const second = await world.run({ forMs: 24_000 });

    const notComeTo = (report: typeof first) =>
      Object.values(report)
        .filter(({ verdict }) => verdict === "not come to")
        .map(({ consumer }) => consumer);
    expect(notComeTo(first)).toEqual(["C"]);
    expect(second.C?.verdict).toBe("agree");
  });

  it("has a report for each, with what it has to say", async () => {
    const world = deliveryWorld();
    world.deploy("Points");
    await world.run();
    await world.clock.advance(hourMs);
    await world.publish({ id: "waits", timeMs: world.clock.nowMs() });
    world.sight.queues.set("shop-Points-dead", { visible: 3, hidden: 0 });
    await world.settle(5);
    await world.run();

    const { body } = (await world.parts.objects.get("reports/delivery-Points/latest.json")) ?? {};
    const report = JSON.parse(body?.toString() ?? "");
    expect(valid("reconcile-report")(report)).toBe(true);
    expect(report).toMatchObject({
      job: "delivery-Points",
      left: "archive",
      right: "journal",
      spanMs: 5 * minuteMs,
      notes: [
        expect.stringContaining("1 event may come yet"),
        "Messages that somebody should look at: 3 in shop-Points-dead.",
      ],
    });
  });

  it("does nothing that another run is doing", async () => {
    const world = deliveryWorld();
    world.deploy("Points");
    await world.run();
    await world.parts.store.begin("delivery-Points", "somebody", world.clock.nowMs() + hourMs);

    expect(await world.run()).toMatchObject({ Points: { verdict: "held" } });
    expect(await world.ask({ do: "run", job: "delivery-Points" })).toEqual({ did: "run", status: "held" });
  });
});

function withSettings(world: ReturnType<typeof deliveryWorld>, name: string, more: object) {
  const found = world.sight.functions.get(name);
  if (!found?.settings) throw new Error(`no consumer ${name}`);
  return { ...found, settings: { ...found.settings, ...more } };
}
