import { describe, expect, it } from "@jest/globals";
import type { BookAudit } from "../../../drills/fifo/book-audit.ts";
import { judge } from "../../../drills/fifo/judge.ts";
import { poisonStep } from "../../../drills/fifo/poison-step.ts";
import { orderedWorld } from "../../helpers/ordered-world.ts";

/** The drill's small version: the same judge, the real pipeline on queues, ledger and table in memory, in virtual time. */
describe("the FIFO drill, in memory", () => {
  it("keeps every group in order, harms no other one, and finishes released ones, killed while releasing", async () => {
    const sizes = { groups: 60, events: 8, poison: 5 };
    let toKill = 0;
    let isReleasing = false;
    const [functionKills, commandKills]: [number[], number[]] = [[], []];
    const world = orderedWorld({
      // Every twelfth call of the release is its process's last.
      fate: (call) => {
        if (!isReleasing || call % 12 !== 0 || toKill-- <= 0) return "lives";
        functionKills.push(written());
        return "dies-after";
      },
    });
    const indices = Array.from({ length: sizes.groups }, (_, index) => index);
    const idOf = (index: number, step: number) => `account-${index}:${step}`;
    const sick = indices.filter((index) => poisonStep(index, sizes) !== undefined);
    for (const index of sick) world.poison.add(idOf(index, poisonStep(index, sizes) ?? 0));
    const audit = (): BookAudit =>
      Object.fromEntries(
        indices.map((index) => [
          index,
          world.effects
            .filter((id) => id.startsWith(`account-${index}:`))
            .map((id) => Number(id.split(":")[1])),
        ]),
      );
    const written = () => {
      const now = audit();
      return sick.reduce((sum, index) => sum + new Set(now[index]).size, 0);
    };

    for (let step = 0; step < sizes.events; step++) {
      for (const index of indices) world.publish(idOf(index, step), `account-${index}`);
    }
    await world.settle();
    const before = audit();
    const parked = (await world.parked()).length;

    world.poison.clear();
    isReleasing = true;
    toKill = 6;
    for (let rounds = 0; rounds < 20 && (await world.parked()).length > 0; rounds++) {
      for (const { group } of await world.parked()) {
        const deaths = world.personDeaths();
        await world.release(group, true);
        // It ends with the death of its person: the last one noted.
        if (world.personDeaths() > deaths) commandKills.push(functionKills.pop() ?? 0);
      }
      await world.settle();
    }

    const result = judge({ sizes, before, after: audit(), parked, functionKills, commandKills });
    expect(result).toMatchObject({
      ...sizes,
      outOfOrder: 0,
      harmed: 0,
      released: 5,
      findings: [],
      pass: true,
    });
    expect(await world.parked()).toEqual([]);
  });
});
