import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { SettingsError } from "../../src/errors.ts";
import { planRetries } from "../../src/plan/index.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const goals = fc
  .record({
    surviveMs: fc.integer({ min: 0, max: day }),
    firstDelayMs: fc.integer({ min: 5 * minute, max: 15 * minute }),
    factor: fc.double({ min: 1, max: 40, noNaN: true }),
  })
  .map(({ surviveMs, firstDelayMs, factor }) => ({
    surviveMs,
    firstDelayMs,
    maxDelayMs: Math.min(12 * hour, Math.floor(firstDelayMs * factor)),
  }));

/** The ceilings of the delays that a plan's attempts have between them. */
function ceilings(attempts: number, goal: { firstDelayMs: number; maxDelayMs: number }): number[] {
  return Array.from({ length: attempts - 1 }, (_, n) =>
    Math.min(goal.maxDelayMs, goal.firstDelayMs * 2 ** n),
  );
}

describe("planRetries", () => {
  it("tries once when nothing is to be survived", () => {
    const plan = planRetries({ surviveMs: 0, firstDelayMs: second, maxDelayMs: minute });

    expect(plan).toEqual({ attempts: 1, maxReceiveCount: 10, expectedMs: 0, longestMs: 0 });
  });

  it("adds up the jittered ceilings", () => {
    const goal = { surviveMs: 6 * hour, firstDelayMs: 5 * second, maxDelayMs: 15 * minute };

    const plan = planRetries(goal);

    expect(plan.longestMs).toBe(ceilings(plan.attempts, goal).reduce((sum, one) => sum + one, 0));
    expect(plan.expectedMs).toBe(plan.longestMs / 2);
    expect(plan.attempts).toBe(89);
    expect(plan.maxReceiveCount).toBe(890);
  });

  it("outlasts the outage on average, whatever is asked for", () => {
    fc.assert(
      fc.property(goals, (goal) => {
        expect(planRetries(goal).expectedMs).toBeGreaterThanOrEqual(goal.surviveMs);
      }),
    );
  });

  it("never plans fewer attempts for a longer outage", () => {
    fc.assert(
      fc.property(goals, fc.integer({ min: 0, max: day }), (goal, surviveMs) => {
        const [short, long] = [goal.surviveMs, surviveMs].sort((a, b) => a - b);

        expect(planRetries({ ...goal, surviveMs: short ?? 0 }).attempts).toBeLessThanOrEqual(
          planRetries({ ...goal, surviveMs: long ?? 0 }).attempts,
        );
      }),
    );
  });

  it("lets no event of ten thousand die before the outage is over", () => {
    const goal = { surviveMs: hour, firstDelayMs: 5 * second, maxDelayMs: 5 * minute };
    const { attempts } = planRetries(goal);
    const delays = ceilings(attempts, goal);
    const random = seeded(20_261_122);

    const lasted = Array.from({ length: 10_000 }, () =>
      delays.reduce((sum, ceiling) => sum + ceiling * random(), 0),
    );

    expect(lasted.filter((ms) => ms < goal.surviveMs)).toEqual([]);
    // With attempts for the mean alone, about half of them would have.
    const meanOnly = ceilings(30, goal);
    expect(meanOnly.reduce((sum, one) => sum + one / 2, 0)).toBeGreaterThanOrEqual(goal.surviveMs);
    const early = lasted.filter(
      () => meanOnly.reduce((sum, one) => sum + one * random(), 0) < goal.surviveMs,
    );
    expect(early.length).toBeGreaterThan(3_000);
  });

  it("keeps the backstop within what SQS and Lambda allow", () => {
    fc.assert(
      fc.property(goals, (goal) => {
        const { maxReceiveCount } = planRetries(goal);

        expect(maxReceiveCount).toBeGreaterThanOrEqual(5);
        expect(maxReceiveCount).toBeLessThanOrEqual(1_000);
      }),
    );
  });

  it.each([
    ["survive", { surviveMs: -1, firstDelayMs: second, maxDelayMs: minute }],
    ["survive", { surviveMs: 15 * day, firstDelayMs: second, maxDelayMs: minute }],
    ["survive", { surviveMs: Number.NaN, firstDelayMs: second, maxDelayMs: minute }],
    ["firstDelay", { surviveMs: hour, firstDelayMs: 500, maxDelayMs: minute }],
    ["firstDelay", { surviveMs: hour, firstDelayMs: hour, maxDelayMs: minute }],
    ["survive", { surviveMs: 10 * day, firstDelayMs: second, maxDelayMs: minute }],
    ["maxDelay", { surviveMs: hour, firstDelayMs: second, maxDelayMs: 13 * hour }],
  ])("refuses a retry.%s that cannot be: %j", (field, goal) => {
    expect(() => planRetries(goal)).toThrow(SettingsError);
    expect(() => planRetries(goal)).toThrow(`retry.${field}`);
  });
});

/** Chance that repeats: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
