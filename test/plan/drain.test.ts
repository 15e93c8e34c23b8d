import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { drain } from "../../src/plan/drain.ts";
import { growth } from "../../src/plan/growth.ts";
import { limitPace } from "../../src/plan/limit-pace.ts";
import { quota } from "./planned.ts";

const steady = [{ atMs: 0, lanes: 1 }];
const burst = (perSecond: number, forMs: number, then = 0) => ({
  spans: [{ forMs, perSecond }],
  perSecond: then,
});
const pacesOf = (text: string) => [limitPace(quota(text), [])].flatMap((pace) => pace ?? []);

describe("drain", () => {
  it("works a backlog off at what is left of the throughput", () => {
    const found = drain({
      backlog: 1_000,
      arrivals: { spans: [], perSecond: 20 },
      growth: steady,
      perSecondAt: () => 30,
    });

    expect(found).toMatchObject({ peakBacklog: 1_000, peakAtMs: 0 });
    expect(found.drainedMs).toBeCloseTo(100_000, 6);
  });

  it("lets a burst pile up, and tells when the last of it is gone", () => {
    const found = drain({ arrivals: burst(3_000, 10_000), growth: steady, perSecondAt: () => 500 });

    expect(found).toEqual({ peakBacklog: 25_000, peakAtMs: 10_000, drainedMs: 60_000 });
  });

  it("leaves nothing behind where all can be taken", () => {
    const found = drain({ arrivals: burst(100, 10_000), growth: steady, perSecondAt: () => 100 });

    expect(found).toEqual({ peakBacklog: 0, peakAtMs: 0, drainedMs: 10_000 });
  });

  it("grows step by step while events wait", () => {
    const steps = [
      { atMs: 0, lanes: 1 },
      { atMs: 10_000, lanes: 2 },
    ];

    const found = drain({
      backlog: 300,
      arrivals: { spans: [], perSecond: 0 },
      growth: steps,
      perSecondAt: (lanes) => lanes * 10,
    });

    // 10 s at 10/s, then 200 at 20/s.
    expect(found.drainedMs).toBe(20_000);
  });

  it("never ends where more comes than goes", () => {
    const found = drain({ arrivals: burst(200, 1_000, 101), growth: steady, perSecondAt: () => 100 });

    expect(found.drainedMs).toBeUndefined();
  });

  it("stops at a spent quota until its window ends", () => {
    const found = drain({
      backlog: 250,
      arrivals: { spans: [], perSecond: 0 },
      growth: steady,
      perSecondAt: () => 50,
      quotas: pacesOf("100/min"),
    });

    // 100 in the first 2 s, 100 at 60 s, 50 at 120 s.
    expect(found.drainedMs).toBe(121_000);
  });

  it("never ends where a quota lets less through than comes", () => {
    const found = drain({
      backlog: 10,
      arrivals: { spans: [], perSecond: 2 },
      growth: steady,
      perSecondAt: () => 50,
      quotas: pacesOf("100/min"),
    });

    expect(found.drainedMs).toBeUndefined();
  });

  it("loses and makes nothing: what came is what went, whatever the curve", () => {
    const size = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(size, size, size, size, (perSecond, forMs, capacity, backlog) => {
        const { drainedMs } = drain({
          backlog,
          arrivals: burst(perSecond, forMs),
          growth: steady,
          perSecondAt: () => capacity,
        });
        const came = backlog + (perSecond * forMs) / 1_000;

        // It is never done sooner than all that came takes, nor later than that after the end of what comes.
        expect(drainedMs).toBeGreaterThanOrEqual((came / capacity) * 1_000 - 1e-3);
        expect(drainedMs).toBeLessThanOrEqual(Math.max(forMs, (came / capacity) * 1_000) + forMs + 1e-3);
      }),
    );
  });
});

describe("growth", () => {
  it("begins with five and adds 300 a minute in standard mode", () => {
    const steps = growth({ concurrency: 305 });

    expect(steps[0]).toEqual({ atMs: 0, lanes: 5 });
    expect(steps.at(-1)).toEqual({ atMs: 60_000, lanes: 305 });
  });

  it("begins with ten for each poller that is kept, and adds 1,000 a minute in provisioned mode", () => {
    const steps = growth({ concurrency: 2_000, pollers: { minimum: 100, maximum: 200 } });

    expect(steps[0]).toEqual({ atMs: 0, lanes: 1_000 });
    expect(steps.at(-1)).toEqual({ atMs: 60_000, lanes: 2_000 });
  });

  it("does not grow where the start is all there is", () => {
    expect(growth({ concurrency: 3 })).toEqual([{ atMs: 0, lanes: 3 }]);
  });
});
