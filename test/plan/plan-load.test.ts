import { describe, expect, it } from "@jest/globals";
import { SettingsError } from "../../src/errors.ts";
import { limit } from "../../src/limits/index.ts";
import { arithmetic, type ConsumerWish, type Load, loadNotes, planFindings } from "../../src/plan/index.ts";
import { aPlan, quota, rate } from "./planned.ts";

const hour = 3_600_000;
const noteIds = (...given: Parameters<typeof aPlan>) => loadNotes(aPlan(...given)).map(({ id }) => id);
const findingIds = (...given: Parameters<typeof aPlan>) => planFindings(aPlan(...given)).map(({ id }) => id);
const sharer = (starts: number, perSecond?: number) => ({
  limit: "partner",
  consumer: "Stock",
  starts,
  perSecond,
});

describe("planLoad", () => {
  it("works out a full batch: calls to the ledger, and handlers side by side", () => {
    const { batch, throughput } = aPlan({ handlerMs: 40 }, { batchSize: 25, parallel: 10 });

    expect(batch).toEqual({ calls: 2, callsMs: 16, rounds: 3, handlersMs: 120, ms: 136 });
    expect(throughput.perSecond).toBeCloseTo((10 * 25 * 1_000) / (136 + 30), 6);
    expect(throughput.bound).toBe("concurrency");
  });

  it("counts fewer calls in mode record and none, and one more for limits", () => {
    expect(aPlan({}, { mode: "record" }).batch.calls).toBe(1);
    expect(aPlan({}, { mode: "none" }).batch.calls).toBe(0);
    expect(aPlan({}, { limits: [rate("500/s")] }).batch.calls).toBe(3);
  });

  it("tells the fewest invocations that keep up", () => {
    // 86 ms a batch of ten: each lane handles 116 a second.
    expect(aPlan({ arrivalsPerSecond: 116 }).lanesNeeded).toBe(1);
    expect(aPlan({ arrivalsPerSecond: 117 }).lanesNeeded).toBe(2);
    expect(aPlan({ arrivalsPerSecond: 1_200 }).lanesNeeded).toBeUndefined();
  });

  it("is bound by the tightest of several limits, a quota by its average", () => {
    const { throughput } = aPlan({}, { limits: [rate("500/s"), rate("50/s", "other"), quota("3600/h")] });

    expect(throughput.rates.map(({ limit }) => limit.name)).toEqual(["other", "partner"]);
    expect(throughput.perSecond).toBeCloseTo(50 / 1.026, 6);
    expect(throughput.bound).toBe("limit");
    expect(throughput.quotas[0]?.perSecond).toBe(1);
  });

  it("leaves to others what they expect of a limit", () => {
    const { throughput } = aPlan({}, { limits: [rate("50/s")], sharers: [sharer(100, 30), sharer(100)] });

    expect(throughput.perSecond).toBeCloseTo(50 / 1.026 - 30, 6);
  });

  it("runs ordered batches one event after another, and no more of them than there are keys", () => {
    const { batch, throughput } = aPlan({ groups: 4 }, { fifo: true, concurrency: 50 });

    expect(batch.ms).toBe(10 * 40 + 16);
    expect(throughput.perSecond).toBeCloseTo((4 * 10 * 1_000) / 446, 6);
    expect(throughput.bound).toBe("groups");
  });

  it("is bound by its pollers where each may receive ten times a second only", () => {
    const { throughput, mapping } = aPlan({ handlerMs: 1 }, { pollers: { minimum: 2, maximum: 4 } });

    expect(throughput.perPoller).toBe(100);
    expect(throughput.perSecond).toBe(400);
    expect(throughput.bound).toBe("pollers");
    expect(mapping).toMatchObject({ mode: "provisioned", startLanes: 10 });
  });

  it("leaves an outage's backlog to the throughput, and to the last parked event's next try", () => {
    const { outage } = aPlan({ arrivalsPerSecond: 50, outageMs: hour }, { concurrency: 2 });

    // 180,000 at 232.6 - 50 a second.
    expect(outage).toMatchObject({ backlog: 180_000, parked: 120_000, nextTryMs: 900_000 });
    expect((outage?.drain.drainedMs ?? 0) / 1_000).toBeCloseTo(180_000 / (20_000 / 86 - 50), 3);
    expect(aPlan({ arrivalsPerSecond: 1, outageMs: hour }).outage?.drain.drainedMs).toBe(900_000);
  });

  it("tries an event again and again through an outage, with ever longer delays", () => {
    // Ceilings of 5, 10, 20, … 900 s, half of each on average: eight tries in 640 s, then one every 450 s.
    expect(aPlan({ outageMs: 637_500 }).outage?.tries).toBe(8);
    expect(aPlan({ outageMs: 1_100_000 }).outage?.tries).toBe(10);
    expect(aPlan({ outageMs: 0 }).outage).toMatchObject({ tries: 0, backlog: 0 });
  });

  it("refuses a load that cannot be", () => {
    expect(() => aPlan({ arrivalsPerSecond: -5 })).toThrow(SettingsError);
  });
});

describe("planFindings", () => {
  it("finds nothing wrong with a plan that works", () => {
    expect(findingIds({ outageMs: hour, burst: { perSecond: 1_000, forMs: 10_000 } })).toEqual([]);
  });

  it.each<[string, Partial<Load>, ConsumerWish]>([
    ["load-concurrency", { arrivalsPerSecond: 1_200 }, {}],
    ["load-limit", {}, { limits: [rate("100/s")] }],
    ["load-timeout", { handlerMs: 28_000, arrivalsPerSecond: 1 }, { timeoutMs: 30_000 }],
    ["load-parallel", {}, { limits: [rate("1000/s")], parallel: 5 }],
    ["load-survive", { outageMs: 2 * hour }, { surviveMs: hour }],
    ["load-retention", { outageMs: hour, arrivalsPerSecond: 1 }, { retentionMs: hour }],
    ["limit-horizon", {}, { limits: [rate("200/s")], sharers: [sharer(901)] }],
    ["limit-split", {}, { limits: [limit("a", { rate: "1500/s" }), limit("b", { rate: "2500/s" })] }],
    ["in-flight", {}, { concurrency: 1_000, batchSize: 121 }],
  ])("finds %s", (id, load, wish) => {
    expect(findingIds(load, wish)).toEqual([id]);
  });
});

describe("loadNotes", () => {
  it("has nothing to tell of a small load", () => {
    expect(noteIds({ arrivalsPerSecond: 1 })).toEqual([]);
  });

  it.each<[string, Partial<Load>, ConsumerWish]>([
    ["sns-quota", { arrivalsPerSecond: 301 }, { region: "eu-north-1" }],
    ["account-concurrency", {}, { concurrency: 901 }],
    ["ledger-table", { arrivalsPerSecond: 2_001 }, { concurrency: 100 }],
    [
      "limit-item",
      { arrivalsPerSecond: 1_500, handlerMs: 5 },
      { limits: [limitOfOneItem()], batchSize: 1, concurrency: 100 },
    ],
    ["growing-up", { burst: { perSecond: 200, forMs: 500 } }, {}],
    ["outage-in-flight", { outageMs: hour }, {}],
    ["limit-key", {}, { limits: [{ ...rate("5/s"), key: () => "tenant" }] }],
    ["limit-share", {}, { limits: [rate("500/s")], sharers: [sharer(10)] }],
    ["batch-window", { arrivalsPerSecond: 50 }, { concurrency: 50 }],
    ["poller-hours", {}, { pollers: { minimum: 2, maximum: 4 } }],
  ])("tells of %s", (id, load, wish) => {
    expect(noteIds(load, wish)).toContain(id);
  });

  it("says how many accounts or how much quota a burst of 100,000 a second needs", () => {
    const plan = aPlan({ burst: { perSecond: 100_000, forMs: 10_000 } }, { region: "us-east-1" });

    expect(plan.sns).toEqual({
      region: "us-east-1",
      neededPerSecond: 100_000,
      allowedPerSecond: 30_000,
      accounts: 4,
    });
    expect(loadNotes(plan)[0]?.text).toContain("100,000 are published at the peak");
  });
});

describe("arithmetic", () => {
  it("shows each step with its numbers", () => {
    const lines = arithmetic(
      aPlan(
        { burst: { perSecond: 3_000, forMs: 10_000 }, outageMs: hour },
        { limits: [rate("500/s")], sharers: [sharer(100)] },
      ),
    );
    const told = Object.fromEntries(lines.map(({ what, how, is }) => [what, `${how} = ${is}`]));

    expect(told["a full batch"]).toBe("10 events, 10 side by side: 1 × 40 ms + 3 calls × 8 ms = 64 ms");
    expect(told["by concurrency"]).toBe("10 at once × 10 ÷ 94 ms = 1,064/s");
    expect(told["limit partner"]).toBe("one start every 2.05 ms, lateness and skew included = 487/s");
    expect(told.horizon).toBe("starts asked for at once, 2 sharing: 200, of 500 × 5 s ÷ 1 s = 2,500 = fits");
    expect(told.burst).toContain("3,000/s × 10 s = 30,000 events");
    expect(told["burst drained"]).toMatch(/at 487\/s once grown \(by limit\), 100\/s still coming.* = 75 s/);
    expect(told.outage).toContain("100/s × 1 h");
  });
});

function limitOfOneItem() {
  return { ...rate("5000/s"), parts: [{ count: 5_000, spacingMicros: 206 }] };
}
