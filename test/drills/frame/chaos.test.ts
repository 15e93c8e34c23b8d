import { describe, expect, it } from "@jest/globals";
import { seededChance } from "../../../drills/frame/chance.ts";
import { meanWorkBetweenKills, startChaos } from "../../../drills/frame/chaos.ts";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";

describe("startChaos", () => {
  it("kills after amounts of work that its seed decides, about one every mean", async () => {
    const first = await kills({ seed: 7 });
    const again = await kills({ seed: 7 });
    const other = await kills({ seed: 8 });

    expect(first.length).toBeGreaterThan(40);
    expect(first.length).toBeLessThan(65);
    const distances = first.map((work, index) => work - (first[index - 1] ?? 0));
    expect(Math.min(...distances)).toBeLessThan(100);
    expect(Math.max(...distances)).toBeGreaterThan(300);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("kills as often when the work goes four times slower", async () => {
    const slow = await kills({ seed: 7, perSecond: 25 });

    expect(slow.length).toBe((await kills({ seed: 7 })).length);
  });

  it("kills nobody while no work is done", async () => {
    const clock = virtualClock();
    const chaos = begin({ clock, done: () => 0 });

    await clock.advance(60_000);
    chaos.stop();

    expect(chaos.kills()).toBe(0);
  });

  it("counts only what was killed", async () => {
    const clock = virtualClock();
    let calls = 0;
    const chaos = begin({ clock, killOne: () => (++calls % 2 === 0 ? { pid: 1 } : undefined) });

    await clock.advance(60_000);
    chaos.stop();

    expect(chaos.kills()).toBe(Math.floor(calls / 2));
    expect(chaos.kills()).toBeGreaterThan(5);
  });

  it("leaves the rest alone when it is told to", async () => {
    const clock = virtualClock();
    const chaos = begin({ clock, goesOn: (kills) => kills < 4 });

    await clock.advance(100_000);
    chaos.stop();

    expect(chaos.kills()).toBe(4);
  });

  it("kills nobody once it is stopped", async () => {
    const clock = virtualClock();
    const chaos = begin({ clock });
    await clock.advance(30_000);
    const before = chaos.kills();
    expect(before).toBeGreaterThan(0);

    chaos.stop();
    await clock.advance(60_000);

    expect(chaos.kills()).toBe(before);
    expect(clock.pending).toBe(0);
  });
});

describe("meanWorkBetweenKills", () => {
  it("gives a short run eight kills and a full one thirty", () => {
    expect([60, 600, 15_000].map((work) => Math.floor(work / meanWorkBetweenKills(work)))).toEqual([3, 8, 8]);
    expect(Math.floor(208_977 / meanWorkBetweenKills(208_977))).toBe(29);
  });
});

/** Chaos over work that goes on at 100 a second, a kill every 200 or so. */
function begin({
  clock,
  ...changes
}: Partial<Parameters<typeof startChaos>[0]> & { clock: ReturnType<typeof virtualClock> }) {
  const startMs = clock.nowMs();
  return startChaos({
    killOne: () => ({ pid: 1 }),
    done: () => (clock.nowMs() - startMs) / 10,
    goesOn: () => true,
    chance: seededChance(1),
    meanWork: 200,
    clock,
    ...changes,
  });
}

/** The work that was done at each kill, out of 10,000. */
async function kills({ seed, perSecond = 100 }: { seed: number; perSecond?: number }): Promise<number[]> {
  const clock = virtualClock();
  const startMs = clock.nowMs();
  const done = () => ((clock.nowMs() - startMs) * perSecond) / 1_000;
  const at: number[] = [];
  const chaos = begin({
    clock,
    done,
    killOne: () => at.push(Math.round(done())),
    chance: seededChance(seed),
  });
  await clock.advance(10_000_000 / perSecond);
  chaos.stop();
  return at;
}
