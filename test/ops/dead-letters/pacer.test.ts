import { describe, expect, it } from "@jest/globals";
import { createPacer } from "../../../ops/dead-letters/index.ts";
import type { Clock } from "../../../src/clock.ts";
import { systemClock } from "../../../src/clock.ts";

/** Time passes when somebody waits for it. */
function patientClock(): Clock {
  let nowMs = 1_000_000;
  return {
    ...systemClock,
    nowMs: () => nowMs,
    after: (delayMs, fire) => {
      const dueMs = nowMs + delayMs;
      queueMicrotask(() => {
        nowMs = Math.max(nowMs, dueMs);
        fire();
      });
      return () => {};
    },
  };
}

describe("createPacer", () => {
  it.each([
    [50, 10],
    [7, 1],
    [0.5, 1],
  ])("lets no more than %d through in any second, in steps of %d", async (perSecond, step) => {
    const clock = patientClock();
    const pacer = createPacer(perSecond, clock);
    const starts: number[] = [];

    for (let turn = 0; turn < 40; turn++) {
      expect(await pacer.turn(step)).toBe(true);
      starts.push(...Array.from({ length: step }, () => clock.nowMs()));
    }

    for (const start of starts) {
      const inSecond = starts.filter((other) => other >= start && other < start + 1_000).length;
      expect(inSecond).toBeLessThanOrEqual(Math.max(step, perSecond));
    }
    const seconds = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1_000;
    expect(seconds).toBeLessThanOrEqual((40 * step) / perSecond + 1);
  });

  it("lets nobody through after an abort", async () => {
    const pacer = createPacer(1, patientClock());
    const controller = new AbortController();
    await pacer.turn(1, controller.signal);

    const waiting = pacer.turn(1, controller.signal);
    controller.abort();

    expect(await waiting).toBe(false);
  });
});
