import { describe, expect, it } from "@jest/globals";
import { watchMemory } from "../../../drills/frame/memory.ts";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";

describe("watchMemory", () => {
  it("answers the most that was seen, the last look included", async () => {
    const seen = [100, 700, 300, 200];
    const clock = virtualClock();
    const watch = watchMemory({ memoryMb: async () => seen.shift() ?? 0, clock, everyMs: 1_000 });

    await clock.advance(3_500);

    expect(await watch.end()).toBe(700);
    expect(seen).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it("goes on after a look that failed, but not without any", async () => {
    const clock = virtualClock();
    let looks = 0;
    const flaky = watchMemory({
      memoryMb: async () => {
        if (++looks === 1) throw new Error("no ps");
        return 50;
      },
      clock,
      everyMs: 1_000,
    });
    await clock.advance(1_500);

    expect(await flaky.end()).toBe(50);
    await expect(
      watchMemory({ memoryMb: () => Promise.reject(new Error("no ps")), clock }).end(),
    ).rejects.toThrow("no ps");
  });
});
