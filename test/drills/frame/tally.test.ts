import { describe, expect, it } from "@jest/globals";
import { createTally } from "../../../drills/frame/tally.ts";
import { consumers } from "../../../drills/orders/consumers.ts";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";

const outcome = (name: string, more = "") =>
  `{"level":"info","time":"2026-01-01T00:00:00.000Z","consumer":"Points","outcome":"${name}"${more}}`;
const metrics = (values: object) =>
  JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics: [] }, ...values });

describe("createTally", () => {
  it("adds up the metrics of each consumer's batches", () => {
    const tally = createTally(consumers);

    tally.take("shop-Points", metrics({ Handled: 8, Duplicate: 1, Retried: 1 }));
    tally.take("shop-Points", metrics({ Handled: 2, DeadLettered: 3, HandlerMs: [1, 2] }));
    tally.take("shop-Stock", metrics({ Handled: [4, 5] }));

    expect(tally.of.Points).toEqual({ handled: 10, duplicates: 1, retries: 1, dead: 3 });
    expect(tally.of.Stock.handled).toBe(9);
    expect(tally.of.Logistics.handled).toBe(0);
  });

  it("remembers when the first event was handled", async () => {
    const clock = virtualClock();
    const tally = createTally(consumers, clock);
    const startMs = clock.nowMs();
    expect(tally.firstHandledAtMs()).toBeUndefined();

    tally.take("shop-Points", outcome("duplicate"));
    await clock.advance(100);
    tally.take("shop-Points", outcome("handled"));
    await clock.advance(100);
    tally.take("shop-Points", outcome("handled"));

    expect(tally.firstHandledAtMs()).toBe(startMs + 100);
  });

  it("keeps the last lines that are out of the ordinary", () => {
    const tally = createTally(consumers);

    tally.take("shop-Points", outcome("handled"));
    tally.take("shop-Points", outcome("dead", ',"reason":"bad-json"'));
    for (let line = 0; line < 12; line++) tally.take("shop-Points", outcome("retry", `,"attempt":${line}`));

    expect(tally.complaints).toHaveLength(10);
    expect(tally.complaints.at(-1)).toContain('"attempt":11');
  });

  it("survives a line that was cut off, and functions of other apps", () => {
    const tally = createTally(consumers);

    tally.take("shop-Points", metrics({ Handled: 8 }).slice(0, -3));
    tally.take("other-function", metrics({ Handled: 8 }));

    expect(tally.of.Points.handled).toBe(0);
  });
});
