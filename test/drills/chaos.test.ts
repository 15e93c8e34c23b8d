import { describe, expect, it } from "@jest/globals";
import { seededChance } from "../../drills/orders/chance.ts";
import { meanBetweenKillsMs, startChaos } from "../../drills/orders/chaos.ts";
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
      goesOn: () => true,
      meanMs: 2_000,
    });

    await clock.advance(60_000);

    expect(chaos.kills()).toBe(Math.floor(calls / 2));
    expect(chaos.kills()).toBeGreaterThan(5);
  });

  it("ends when there is nothing left to disturb", async () => {
    const clock = virtualClock();
    const chaos = startChaos({
      killOne: () => ({ pid: 1 }),
      goesOn: (kills) => kills < 4,
      chance: seededChance(1),
      clock,
      meanMs: 200,
    });

    await clock.advance(60_000);

    expect(chaos.kills()).toBe(4);
    expect(clock.pending).toBe(0);
  });

  it("kills nobody once it is stopped", async () => {
    const clock = virtualClock();
    const chaos = startChaos({
      killOne: () => ({ pid: 1 }),
      chance: seededChance(1),
      clock,
      goesOn: () => true,
      meanMs: 2_000,
    });
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
    goesOn: () => true,
    meanMs: 2_000,
  });
  await clock.advance(100_000);
  chaos.stop();
  return atMs;
}

describe("meanBetweenKillsMs", () => {
  it("is short for a short run, and never over two seconds", () => {
    expect([200, 5_000, 69_659].map(meanBetweenKillsMs)).toEqual([200, 1_000, 2_000]);
  });
});
