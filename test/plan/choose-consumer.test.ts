import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chooseConsumer, type Load, planFindings, planLoad, survivedMs } from "../../src/plan/index.ts";
import { aLoad, rate } from "./planned.ts";

const choose = (load: Partial<Load>, wish: Parameters<typeof chooseConsumer>[1] = {}) =>
  chooseConsumer(aLoad(load), wish).consumer;

describe("chooseConsumer", () => {
  it("takes the defaults where the load needs no more", () => {
    expect(choose({ arrivalsPerSecond: 1 })).toMatchObject({
      concurrency: 2,
      batchSize: 10,
      timeoutMs: 30_000,
      visibilityMs: 180_000,
      retentionMs: 4 * 86_400_000,
      maxReceiveCount: 890,
      region: "us-east-1",
    });
  });

  it("chooses as many invocations as a burst needs to be kept up with", () => {
    // 86 ms a batch of ten.
    expect(choose({ burst: { perSecond: 10_000, forMs: 10_000 } }).concurrency).toBe(86);
  });

  it("chooses what uses a limit, with some room, however much comes", () => {
    const limits = [rate("500/s")];

    const { concurrency } = choose(
      { burst: { perSecond: 100_000, forMs: 10_000 }, handlerMs: 5 },
      { limits },
    );

    // Four are just enough.
    expect(concurrency).toBe(6);
  });

  it("stays within a limit's horizon", () => {
    const limits = [rate("20/s")];
    const sharers = [{ limit: "partner", consumer: "Stock", starts: 50 }];

    // 20 × 5 s hold 100 starts; others may ask for 50.
    expect(choose({ handlerMs: 60_000, arrivalsPerSecond: 15 }, { limits, sharers }).concurrency).toBe(5);
  });

  it("chooses pollers where standard mode has not enough", () => {
    const { pollers, concurrency } = choose({ burst: { perSecond: 200_000, forMs: 10_000 } });

    expect(pollers).toEqual({ minimum: 2, maximum: 2_000 });
    expect(concurrency).toBe(20_000);
  });

  it("gives slow batches and long horizons a longer timeout", () => {
    expect(choose({ handlerMs: 20_000, arrivalsPerSecond: 0.1 }).timeoutMs).toBe(61_000);
    expect(choose({ handlerMs: 900_000, arrivalsPerSecond: 0.001 }).timeoutMs).toBe(900_000);
  });

  it("survives an outage that is expected", () => {
    expect(choose({ outageMs: 7 * 3_600_000 }).surviveMs).toBe(7 * 3_600_000);
    expect(choose({ outageMs: 3_600_000 }).surviveMs).toBe(6 * 3_600_000);
  });

  it("leaves what is given as it is, and tells what it chose", () => {
    const { consumer, chosen } = chooseConsumer(aLoad(), {
      concurrency: 7,
      batchSize: 3,
      region: "eu-west-1",
    });

    expect(consumer).toMatchObject({ concurrency: 7, batchSize: 3, region: "eu-west-1" });
    expect(chosen).not.toEqual(expect.arrayContaining(["concurrency"]));
    expect(chosen).toEqual(expect.arrayContaining(["timeoutMs", "retentionMs"]));
  });

  it("chooses what works, for any load that can work at all", () => {
    const load = fc.record({
      arrivalsPerSecond: fc.double({ min: 0.01, max: 2_000, noNaN: true }),
      handlerMs: fc.integer({ min: 1, max: 20_000 }),
      outageMs: fc.integer({ min: 0, max: 6 * 3_600_000 }),
    });
    fc.assert(
      fc.property(load, (one) => {
        const { consumer } = chooseConsumer(one, {});
        const plan = planLoad(one, consumer);

        expect(planFindings(plan)).toEqual([]);
        expect(plan.lanesNeeded).toBeLessThanOrEqual(consumer.concurrency);
      }),
    );
  });
});

describe("survivedMs", () => {
  it("is what attempts were planned for, and no attempt more", () => {
    const delays = { firstDelayMs: 5_000, maxDelayMs: 900_000 };

    // 89 attempts were planned for six hours.
    expect(survivedMs({ attempts: 89, ...delays })).toBeGreaterThanOrEqual(6 * 3_600_000);
    expect(survivedMs({ attempts: 88, ...delays })).toBeLessThan(6 * 3_600_000);
    expect(survivedMs({ attempts: 1, ...delays })).toBe(0);
  });
});
