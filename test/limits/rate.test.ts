import { describe, expect, it } from "@jest/globals";
import { limit, type RateLimit } from "../../src/limits/index.ts";
import { spacingMicros, splitCount } from "../../src/limits/spacing.ts";
import { mostInAnyWindow, startsOf, type Weather } from "./holders.ts";

const stormy = { holders: 6, seconds: 20, skewMs: 5, badTimers: 0.15, crashes: 0.05, batch: 6 };
const hasty = { badTimers: 0.5, earlyMs: 60 };
const calm = { ...stormy, badTimers: 0, crashes: 0 };
const rate = (options: object = {}) => limit("partner", { rate: "10/s", ...options }) as RateLimit;
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

async function most(of: RateLimit, weather: Omit<Weather, "seed">, seed: number): Promise<number> {
  return mostInAnyWindow(await startsOf(of, { ...weather, seed }), 1_000);
}

describe("a rate", () => {
  it.each([
    { name: "one item", options: {} },
    { name: "three items", options: { split: 3 } },
    { name: "a short horizon", options: { horizonMs: 700 } },
    { name: "wide bounds", options: { latenessMs: 60, skewMs: 40 }, more: { skewMs: 40 } },
    { name: "timers that are early by far", options: {}, more: hasty },
  ])("never holds more than its count in any window: $name", async ({ options, more = {} }) => {
    for (const seed of seeds(12)) {
      expect(await most(rate(options), { ...stormy, ...more }, seed)).toBeLessThanOrEqual(10);
    }
  });

  it("rounds distances up: however many in a window, the one after them lies behind it", () => {
    const bounds = { windowMs: 1_000, latenessMs: 20, skewMs: 5 };
    for (let count = 1; count <= 1_000; count++) {
      expect(count * spacingMicros({ count, ...bounds })).toBeGreaterThanOrEqual(1_026_000);
    }
  });

  it("is split into whole rates that sum to it", () => {
    for (let parts = 1; parts <= 50; parts++) {
      const shares = splitCount(50, parts);

      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(50);
      expect(shares.every((share) => Number.isInteger(share) && share >= 1)).toBe(true);
    }
  });

  it("is used to 95 % while there is work", async () => {
    const starts = await startsOf(limit("partner", { rate: "50/s" }) as RateLimit, {
      ...calm,
      seed: 1,
      batch: 10,
    });

    const [first = 0, last = 0] = [starts[0], starts.at(-1)];
    expect(((starts.length - 1) * 1_000) / (last - first)).toBeGreaterThanOrEqual(0.95 * 50);
  });

  it.each([
    { name: "evenly", options: { rate: "100/s", split: 2 } },
    { name: "unevenly", options: { rate: "7/s", split: 4 } },
  ])(
    "is used to the full where it is split $name: no part runs dry while others are asked by all",
    async ({ options }) => {
      const split = limit("partner", options) as RateLimit;
      const allowed = split.parts.reduce((sum, { spacingMicros }) => sum + 1e6 / spacingMicros, 0);

      for (const seed of seeds(2)) {
        const starts = await startsOf(split, { ...calm, skewMs: 0, seconds: 30, seed, batch: 10 });

        const [first = 0, last = 0] = [starts[0], starts.at(-1)];
        expect(((starts.length - 1) * 1_000) / (last - first)).toBeGreaterThanOrEqual(0.97 * allowed);
      }
    },
  );

  describe("is seen to be broken", () => {
    const broken = (change: (sound: RateLimit) => Partial<RateLimit>, options: object = {}): RateLimit => {
      const sound = rate(options);
      return { ...sound, ...change(sound) };
    };
    const spaced = (count: number, more = {}) =>
      spacingMicros({ count, windowMs: 1_000, latenessMs: 20, skewMs: 5, ...more });

    it.each([
      ["when it counts one too many", broken(() => ({ parts: [{ count: 11, spacingMicros: spaced(11) }] }))],
      ["when it lets late starts through", broken(() => ({ latenessMs: 5_000 }))],
      [
        "when it splits by rounding up",
        broken(({ parts }) => ({ parts: parts.map(() => ({ count: 4, spacingMicros: spaced(4) })) }), {
          split: 3,
        }),
      ],
      [
        "when it leaves no room for lateness",
        broken(() => ({ parts: [{ count: 10, spacingMicros: spaced(10, { latenessMs: 0, skewMs: 0 }) }] })),
      ],
    ])("%s", async (_, of) => {
      const worst = [];
      for (const seed of seeds(8)) worst.push(await most(of, stormy, seed));

      expect(Math.max(...worst)).toBeGreaterThan(10);
    });

    it("when it believes its timers", async () => {
      const worst = [];
      for (const seed of seeds(8)) {
        worst.push(await most(rate(), { ...stormy, ...hasty, trustsTimers: true }, seed));
      }

      expect(Math.max(...worst)).toBeGreaterThan(10);
    });

    it("when clocks are further apart than its bound", async () => {
      const worst = [];
      for (const seed of seeds(8)) worst.push(await most(rate(), { ...stormy, skewMs: 150 }, seed));

      expect(Math.max(...worst)).toBeGreaterThan(10);
    });
  });
});
