import { describe, expect, it } from "@jest/globals";
import type { Limit } from "../../src/limits/index.ts";
import { type ConsumerWish, type Load, planLoad } from "../../src/plan/index.ts";
import { pacedThroughput } from "../../src/plan/paced-throughput.ts";
import { aConsumer, aLoad, quota, rate } from "./planned.ts";
import { playBurst } from "./play-burst.ts";

/** Predicted and played, in milliseconds. */
async function compare(load: Load, wish: ConsumerWish, limits: readonly Limit[] = []) {
  const consumer = aConsumer({ ...wish, limits }, load);
  const planned = planLoad(load, consumer).burst?.drainedMs ?? Number.POSITIVE_INFINITY;
  const played = await playBurst(load, consumer, limits);
  return { planned, played, ratio: planned / played };
}

const burst = (perSecond: number, forMs: number) =>
  aLoad({ arrivalsPerSecond: 1e-6, handlerMs: 5, burst: { perSecond, forMs } });

describe("planLoad predicts the time to drain a burst, as the real mapping and the real limiter play it", () => {
  it("where a limit binds: 30,000 events against 500 a second", async () => {
    const { played, ratio } = await compare(burst(3_000, 10_000), { concurrency: 10 }, [rate("500/s")]);

    expect(played).toBeGreaterThan(60_000);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });

  it("where a split limit binds, and the mapping grows meanwhile", async () => {
    const { played, ratio } = await compare(burst(30_000, 1_000), { concurrency: 150 }, [rate("5000/s")]);

    // 6 s at the limit; what growing costs comes on top.
    expect(played).toBeGreaterThan(8_000);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
  });

  it("where the concurrency is too small for the limit", async () => {
    const { played, ratio } = await compare(burst(10_000, 1_000), { concurrency: 8 }, [rate("5000/s")]);

    expect(played).toBeGreaterThan(4_000);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
  });

  it("where concurrency binds", async () => {
    const load = { ...burst(10_000, 1_000), handlerMs: 200 };

    const { played, ratio } = await compare(load, { concurrency: 20 });

    expect(played).toBeGreaterThan(10_000);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
  });

  it("where a quota binds", async () => {
    const { played, ratio } = await compare(burst(2_500, 1_000), { concurrency: 5 }, [quota("1000/min")]);

    // The first minute's thousand, the second's, and the rest at the beginning of the third.
    expect(played).toBeGreaterThan(120_000);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
  });
});

describe("pacedThroughput", () => {
  const of = (lanes: number, items = 5) =>
    pacedThroughput({ lanes, items, perSecond: (items * 1_000) / 1.026, batchSize: 10, restMs: 35 });

  it("never promises more than the rate, nor more than the lanes have time for", () => {
    for (const [index, perSecond] of of(400).entries()) {
      expect(perSecond).toBeLessThanOrEqual((5 * 1_000) / 1.026 + 1e-9);
      expect(perSecond).toBeLessThanOrEqual(((index + 1) * 10 * 1_000) / (35 - 1.026 + 10.26) + 1e-9);
    }
  });

  it("never gets slower with more lanes", () => {
    const speeds = of(400);

    expect(speeds.every((speed, index) => index === 0 || speed >= (speeds[index - 1] ?? 0) - 1e-6)).toBe(
      true,
    );
  });

  it("needs more lanes for a rate that is split over more items", () => {
    expect((of(50, 20).at(-1) ?? 0) / 20).toBeLessThan((of(50, 5).at(-1) ?? 0) / 5);
  });
});
