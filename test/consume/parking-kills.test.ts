import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Fate } from "../helpers/mortal.ts";
import { type OrderedWorld, orderedWorld } from "../helpers/ordered-world.ts";

/** What must hold at every moment: nothing of a group is done after something that was published later. */
function disorder(effects: readonly string[]): readonly string[] {
  const last = new Map<string, number>();
  return effects.filter((id) => {
    const [group, number] = [id[0] ?? "", Number(id.slice(1))];
    const before = last.get(group) ?? -1;
    last.set(group, Math.max(before, number));
    // A crash repeats the event that was running, and none before it.
    return number < before;
  });
}

/** Releases whatever is parked, again and again, until nothing is. */
async function releaseAll(world: OrderedWorld, withPoison: boolean): Promise<void> {
  for (let rounds = 0; rounds < 200; rounds++) {
    await world.settle();
    const groups = await world.parked();
    if (groups.length === 0) return;
    for (const { group } of groups) await world.release(group, withPoison);
  }
  throw new Error("groups stay parked, however often they are released");
}

const deadBodies = ({ deadLetters }: OrderedWorld) =>
  new Set(deadLetters.messages().map(({ body }) => (JSON.parse(body) as { id: string }).id));

const ends = ["dies-before", "dies-after", "throws-before", "throws-after"] as const;

describe("a consumer that parks, where any call may fail or be its process's last", () => {
  const ids = ["a0", "a1", "b0", "a2", "b1", "a3", "a4", "b2", "a5"];

  /** a2 is poison, a4 is poison until it is mended; both are released, the first without, the second with its poison. */
  const play = async (fate: Fate) => {
    const world = orderedWorld({ fate });
    world.poison.add("a2").add("a4");
    world.failing.set("b1", 1);
    for (const id of ids.slice(0, 6)) world.publish(id);
    await world.settle();
    for (const id of ids.slice(6)) world.publish(id);
    for (let tries = 0; tries < 5 && (await world.parked())[0]?.poison.id !== "a4"; tries++) {
      await world.release("a", false);
      await world.settle();
    }
    world.poison.delete("a4");
    await releaseAll(world, true);
    return world;
  };

  it("keeps the order and loses nothing, whichever call it is and whether it had its effect", async () => {
    const { mortality } = await play(() => "lives");
    expect(mortality.calls).toBeGreaterThan(40);

    for (let at = 1; at <= mortality.calls; at++) {
      for (const end of ends) {
        const world = await play((call) => (call === at ? end : "lives"));
        const where = `${end} at call ${at}`;

        if (end.startsWith("dies")) expect([where, world.mortality.deaths]).toEqual([where, 1]);
        expect([where, disorder(world.effects)]).toEqual([where, []]);
        expect([where, ids.filter((id) => !world.effects.includes(id))]).toEqual([where, ["a2"]]);
        expect([where, [...deadBodies(world)].filter((id) => !["a2", "a4"].includes(id))]).toEqual([
          where,
          [],
        ]);
        expect([where, deadBodies(world).has("a2")]).toEqual([where, true]);
      }
    }
  }, 60_000);

  it("keeps the order of every group and loses nothing, whatever dies when", async () => {
    const event = fc.record({
      group: fc.constantFrom("a", "b", "c"),
      kind: fc.constantFrom("fine", "fine", "fine", "fails", "poison", "mended"),
      thenMs: fc.nat({ max: 40_000 }),
      release: fc.option(fc.record({ group: fc.constantFrom("a", "b", "c"), withPoison: fc.boolean() })),
    });
    let parked = 0;
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 5, maxLength: 40 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom(...ends)), { maxLength: 20 }),
        fc.nat(),
        async (events, kills, seed) => {
          const killAt = new Map(kills);
          const fate: Fate = (call) => killAt.get(call) ?? "lives";
          const world = orderedWorld({ fate, seed });
          const counts = new Map<string, number>();
          const [published, forever, mended]: string[][] = [[], [], []];
          for (const { group, kind, thenMs, release } of events) {
            const number = counts.get(group) ?? 0;
            counts.set(group, number + 1);
            const id = `${group}${number}`;
            published?.push(id);
            if (kind === "fails") world.failing.set(id, 2);
            if (kind === "poison") forever?.push(id);
            if (kind === "mended") mended?.push(id);
            if (kind === "poison" || kind === "mended") world.poison.add(id);
            world.publish(id);
            if (release) await world.release(release.group, release.withPoison);
            await world.clock.advance(thenMs);
            expect(disorder(world.effects)).toEqual([]);
          }
          await world.settle();
          parked += (await world.parked()).length;
          for (const id of mended ?? []) world.poison.delete(id);
          await releaseAll(world, false);

          expect(disorder(world.effects)).toEqual([]);
          const undone = (published ?? []).filter((id) => !world.effects.includes(id));
          const dead = deadBodies(world);
          expect(undone.filter((id) => !dead.has(id))).toEqual([]);
          expect(undone.filter((id) => ![...(forever ?? []), ...(mended ?? [])].includes(id))).toEqual([]);
          expect(world.queue.messages()).toEqual([]);
          deaths += world.mortality.deaths;
        },
      ),
      { numRuns: 150, seed: 7 },
    );
    expect(parked).toBeGreaterThan(20);
    expect(deaths).toBeGreaterThan(50);
  }, 120_000);
});
