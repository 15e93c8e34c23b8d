import { describe, expect, it } from "@jest/globals";
import { seededChance } from "../../drills/orders/chance.ts";
import { startChaos } from "../../drills/orders/chaos.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

describe("startChaos", () => {
  it("kills at the moments that its seed decides, about one every mean", async () => {
    const first = await moments(7);
    const again = await moments(7);
    const other = await moments(8);

    expect(first.length).toBeGreaterThan(40);
    expect(first.length).toBeLessThan(65);
    expect(
      new Set(first.map((atMs, index) => Math.round(atMs - (first[index - 1] ?? 0)))).size,
    ).toBeGreaterThan(30);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("counts only what was killed", async () => {
    const clock = virtualClock();
    let calls = 0;
    const chaos = startChaos({
      killOne: () => (++calls % 2 === 0 ? { pid: 1 } : undefined),
      chance: seededChance(1),
      clock,
    });

    await clock.advance(60_000);

    expect(chaos.kills()).toBe(Math.floor(calls / 2));
    expect(chaos.kills()).toBeGreaterThan(5);
  });

  it("kills nobody once it is stopped", async () => {
    const clock = virtualClock();
    const chaos = startChaos({ killOne: () => ({ pid: 1 }), chance: seededChance(1), clock });
    await clock.advance(10_000);
    const kills = chaos.kills();

    chaos.stop();
    await clock.advance(60_000);

    expect(chaos.kills()).toBe(kills);
    expect(clock.pending).toBe(0);
  });
});

async function moments(seed: number): Promise<number[]> {
  const clock = virtualClock();
  const startMs = clock.nowMs();
  const atMs: number[] = [];
  const chaos = startChaos({
    killOne: () => atMs.push(clock.nowMs() - startMs),
    chance: seededChance(seed),
    clock,
  });
  await clock.advance(100_000);
  chaos.stop();
  return atMs;
}
