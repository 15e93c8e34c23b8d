import { describe, expect, it } from "@jest/globals";
import { hourMs } from "../sources/sealed-world.ts";
import { deliveryWorld } from "./delivery-world.ts";

/** A bus with three consumers, looked at for the first time; an hour later everything is judged. */
async function threeConsumers() {
  const world = deliveryWorld();
  for (const name of ["Points", "Stock", "Mail"]) world.deploy(name);
  await world.run();
  await world.clock.advance(hourMs);
  return world;
}

describe("deliveryReconciler", () => {
  it("finds that everything came where it was to come", async () => {
    const world = await threeConsumers();
    await world.live(5, "o");
    await world.settle();

    const report = await world.run();

    expect(report).toMatchObject({
      Points: { verdict: "agree", open: 0, grey: 0, onTheWay: 0 },
      Stock: { verdict: "agree" },
      Mail: { verdict: "agree" },
    });
    expect(Date.parse(report.Points?.knownTo ?? "")).toBeGreaterThan(world.clock.nowMs() - 3 * hourMs);
  });

  it("finds each event of the time without a subscription, sends them again, and nobody else gets any", async () => {
    const world = await threeConsumers();
    await world.live(2, "before");
    const restore = world.unsubscribe("Points");
    await world.live(2, "lost");
    restore();
    await world.live(2, "after");
    await world.settle();

    const report = await world.run();

    const lost = Array.from(
      { length: 12 },
      (_, nth) => `missing-right lost-${Math.floor(nth / 6)}-${nth % 6}`,
    );
    expect(report).toMatchObject({
      Points: { verdict: "differ", open: 12 },
      Stock: { verdict: "agree" },
      Mail: { verdict: "agree" },
    });
    expect(await world.open("Points")).toEqual(lost);

    const planned = await world.ask({ do: "plan", job: "delivery-Points" });
    expect(planned).toMatchObject({
      did: "plan",
      items: 12,
      totals: { how: { send: 12, call: 0, tell: 0 } },
    });
    const { plan } = planned as { plan: string };
    expect(await world.ask({ do: "apply", job: "delivery-Points", plan })).toMatchObject({
      counts: { sent: 12 },
    });
    expect(new Set(world.sent.map(({ queue }) => queue))).toEqual(new Set(["shop-Points"]));
    expect(world.sent).toHaveLength(12);

    await world.drain();
    expect(await world.run()).toMatchObject({ Points: { verdict: "agree", open: 0, resolved: 12 } });
    await world.settle();
    expect(await world.run()).toMatchObject({ Points: { verdict: "agree", found: 0, resolved: 0 } });
  });
});
