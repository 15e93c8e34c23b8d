import { describe, expect, it } from "@jest/globals";
import { playVirtually } from "../../../drills/peak/play-virtually.ts";
import { limit, type RateLimit } from "../../../src/limits/index.ts";

const backEnd = limit("back-end", { rate: "500/s" });

describe("the peak drill in virtual time", () => {
  it("has the back end take all it can and never more, loses nothing, and ends when planned", async () => {
    const result = await playVirtually({ events: 7_000, perSecond: 10_000, limit: backEnd });

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({
      published: 7_000,
      handled: 7_000,
      lost: 0,
      dead: 0,
      limit: 500,
      again: 0,
      pass: true,
    });
    expect(result.maxInAnySecond).toBeLessThanOrEqual(500);
    expect(result.meanWhenFull).toBeGreaterThan(475);
  });

  it("fails where the limit counts one too many", async () => {
    const sound = backEnd as RateLimit;
    const parts = [{ count: 501, spacingMicros: Math.floor(1e6 / 501) }];

    const result = await playVirtually({
      events: 3_000,
      perSecond: 10_000,
      limit: { ...sound, parts },
    });

    expect(result.pass).toBe(false);
    expect(result.findings.join()).toMatch(/bookings in one second: 50[1-9], and 500 are allowed/);
  });
});
