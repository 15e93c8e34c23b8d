import { describe, expect, it } from "@jest/globals";
import { playVirtually } from "../../../drills/outage/play-virtually.ts";

describe("the outage drill in virtual time", () => {
  it("loses nothing, pays nothing twice, and recovers by itself within a probe interval", async () => {
    const result = await playVirtually({ events: 6_000, downSeconds: 300 });

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({
      events: 6_000,
      lost: 0,
      doublePayments: 0,
      dead: 0,
      maxAttempts: 1,
      pass: true,
    });
    expect(result.recoverySeconds).toBeLessThanOrEqual(10);
    expect(result.unanswered).toBeGreaterThan(0);
    expect(result.heldSeconds).toBeGreaterThan(290);
  });

  it("fails without a governor: nothing is lost, and recovery waits until the hold is nobody's", async () => {
    const result = await playVirtually({ events: 2_000, downSeconds: 120 }, { isGoverned: false });

    expect(result).toMatchObject({ lost: 0, doublePayments: 0, dead: 0, maxAttempts: 1, pass: false });
    expect(result.findings.join()).toMatch(/recovery began after/);
  });

  it("fails where payments go by a key of their own making", async () => {
    let calls = 0;
    const result = await playVirtually(
      { events: 2_000, downSeconds: 60 },
      { keyOf: (effectKey) => `${effectKey}-${calls++}` },
    );

    expect(result.doublePayments).toBeGreaterThan(0);
    expect(result.pass).toBe(false);
  });
});
