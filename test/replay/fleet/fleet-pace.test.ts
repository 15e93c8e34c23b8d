import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";
import { inMemoryLimits } from "../../../src/limits/index.ts";
import { fleetPace, fleetRate } from "../../../src/replay/index.ts";

const replay = "20260101-000000-000000";

describe("fleetRate", () => {
  it.each([0.1, 0.5, 1, 2.5, 3, 7, 10, 25, 40, 50, 53, 57, 99, 123, 1_000, 12_345, 100_000])(
    "has no second with more than it may of %d, and uses nearly all of it",
    (perSecond) => {
      const { most, limit } = fleetRate(replay, perSecond);

      const each = (most * limit.count * 1_000) / limit.windowMs;
      expect(most).toBeLessThanOrEqual(10);
      expect(each).toBeLessThanOrEqual(perSecond);
      expect(each).toBeGreaterThanOrEqual(perSecond * (perSecond < 5 || perSecond > 9 ? 0.95 : 0.8));
    },
  );
});

describe("fleetPace", () => {
  it("gives no turn to who has no patience, and one to who waits", async () => {
    const clock = virtualClock();
    const pace = fleetPace({ rate: fleetRate(replay, 0.1), limits: inMemoryLimits({ clock }), clock });

    const first = await clock.until(pace.turn(1, 7_500));
    const second = await clock.until(pace.turn(1, 5_000));
    const beganMs = clock.nowMs();
    const third = await clock.until(pace.turn(1, 7_500));

    expect([first, second, third]).toEqual([true, false, true]);
    expect(clock.nowMs() - beganMs).toBeGreaterThan(4_000);
  });

  it("gives a turn back that was waited for in vain", async () => {
    const clock = virtualClock();
    const limits = inMemoryLimits({ clock });
    const pace = fleetPace({ rate: fleetRate(replay, 0.5), limits, clock });
    await clock.until(pace.turn(1, 7_500));
    const stop = new AbortController();
    clock.after(500, () => stop.abort());

    const stopped = await clock.until(pace.turn(1, 7_500, stop.signal));
    const next = await clock.until(pace.turn(1, 1_600));

    expect([stopped, next]).toEqual([false, true]);
    expect(await pace.turn(1, 7_500, stop.signal)).toBe(false);
  });
});
