import { describe, expect, it } from "@jest/globals";
import type { DeliveryParts } from "../../../src/reconcile/delivery/delivery-parts.ts";
import { hourMs } from "../sources/sealed-world.ts";
import { mortal } from "../two-books.ts";
import { deliveryWorld } from "./delivery-world.ts";

type World = ReturnType<typeof deliveryWorld>;

/** A bus that has lost some events on the way to one of two consumers, and was not looked at since. */
async function someLost(): Promise<World> {
  const world = deliveryWorld();
  for (const name of ["Points", "Stock"]) world.deploy(name);
  await world.run();
  await world.clock.advance(hourMs);
  await world.live(1, "a");
  const restore = world.unsubscribe("Points");
  await world.live(1, "lost", 3);
  restore();
  await world.live(1, "b");
  await world.settle();
  return world;
}

/** A port that dies with its n-th call; what it lists, it lists. */
function dyingPort<Name extends "store" | "objects" | "known" | "ledger" | "sight">(
  world: World,
  name: Name,
  dies: number,
  after: boolean,
) {
  const whole = world.parts[name];
  const { port, calls } = mortal(whole as object, dies, after);
  const listing =
    name === "objects" ? { list: world.parts.objects.list, folders: world.parts.objects.folders } : {};
  const names = Object.keys(whole);
  const wrapped = Object.fromEntries(names.map((one) => [one, port[one as keyof typeof port]]));
  return { parts: { [name]: { ...wrapped, ...listing } } as Partial<DeliveryParts>, calls };
}

async function state(world: World) {
  const read = await world.parts.store.read(["delivery-Points", "delivery-Stock"]);
  return {
    comparedTo: read.map((one) => one.progress?.comparedToMs),
    open: [await world.open("Points"), await world.open("Stock")],
  };
}

describe("deliveryReconciler killed at any call, and five at once", () => {
  it.each(["store", "objects", "known", "ledger", "sight"] as const)(
    "ends as one clean run does, whatever call of its %s was its last one",
    async (port) => {
      const clean = await someLost();
      const counted = dyingPort(clean, port, 9_999, false);
      clean.restart(counted.parts);
      await clean.run();
      const expected = await state(clean);
      expect(expected.open[0]).toHaveLength(3);
      const calls = counted.calls();
      expect(calls).toBeGreaterThan(1);

      for (let dies = 0; dies < calls; dies += Math.max(1, Math.floor(calls / 8))) {
        const world = await someLost();
        const dying = dyingPort(world, port, dies, dies % 2 === 0);
        const gone = world.ask({ do: "run" }, { as: world.environment(dying.parts) });
        await Promise.race([gone.catch(() => undefined), Promise.resolve()]);
        // Its lease ends with its invocation.
        await world.clock.advance(16 * 60_000);

        await world.run();

        expect((await state(world)).open).toEqual(expected.open);
      }
    },
  );

  it("has one of five do the work", async () => {
    const world = await someLost();

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => world.ask({ do: "run" }, { as: world.environment() })),
    );

    const verdicts = answers.flatMap((answer) =>
      answer.did === "deliver" ? answer.report.consumers.map(({ verdict }) => verdict) : [],
    );
    expect(verdicts.filter((verdict) => verdict === "differ").length).toBeGreaterThanOrEqual(1);
    expect(verdicts.filter((verdict) => verdict === "failed")).toEqual([]);
    expect((await state(world)).open).toEqual([
      ["missing-right lost-0-0", "missing-right lost-0-1", "missing-right lost-0-2"],
      [],
    ]);
  });
});
