import { describe, expect, it } from "@jest/globals";
import { judgeLag, type LagLook, type ReaderFacts } from "../../../ops/lag/index.ts";

const enabled: ReaderFacts = {
  mappingState: "Enabled",
  isMissing: false,
  reservedConcurrency: 20,
  holds: [],
  lastResult: undefined,
};
const look = (
  atSeconds: number,
  [visible, inFlight, delayed]: readonly [number, number, number],
  more: Partial<LagLook> = {},
): LagLook => ({
  atMs: atSeconds * 1_000,
  depth: { visible, inFlight, delayed },
  reader: enabled,
  flow: { inPerSecond: undefined, outPerSecond: undefined, oldestSeconds: undefined },
  ...more,
});

describe("judgeLag", () => {
  it.each([
    ["caught up", [0, 0, 0], [0, 0, 0], "nothing waits"],
    ["caught up", [9, 0, 0], [0, 4, 2], "none waits; 6 are being handled"],
    ["behind and shrinking", [1_000, 20, 0], [500, 20, 0], "500 wait, 50 fewer a second"],
    ["behind and growing", [100, 20, 0], [125, 20, 0], "125 wait, 2.5 more a second"],
    ["behind and growing", [100, 20, 0], [105, 15, 0], "as many come as go"],
    ["stuck", [100, 0, 0], [100, 0, 0], "100 wait, and nobody receives them"],
    ["stuck", [100, 7, 0], [100, 7, 0], "7 are received and none was finished in 10 s"],
  ] as const)("says %s from %j to %j", (state, before, now, reason) => {
    const verdict = judgeLag(look(0, before), look(10, now));

    expect(verdict.state).toBe(state);
    expect(verdict.reason).toContain(reason);
  });

  it.each([
    // A start every 12 seconds: two looks in a row show the same, and nothing is wrong.
    [
      "behind and shrinking",
      [100, 1, 0],
      [100, 1, 0],
      {},
      "100 wait; drained by schedule, at most 5 a minute",
    ],
    ["behind and growing", [100, 1, 0], [130, 1, 0], {}, "130 wait, 3 more a second; drained by schedule"],
    [
      "stuck",
      [100, 0, 0],
      [100, 0, 0],
      { outPerSecond: 0, oldestSeconds: 181 },
      "none was deleted in the last minute",
    ],
    ["behind and shrinking", [100, 0, 0], [100, 0, 0], { outPerSecond: 0, oldestSeconds: 60 }, "100 wait"],
    ["caught up", [3, 0, 0], [0, 0, 0], {}, "nothing waits"],
  ] as const)(
    "says %s of one that a schedule drains, from %j to %j and %j",
    (state, before, now, known, reason) => {
      const reader = { ...enabled, mappingState: undefined, drainedPerSecond: 5 / 60 };
      const flow = { inPerSecond: undefined, outPerSecond: undefined, oldestSeconds: undefined, ...known };

      const verdict = judgeLag(look(0, before, { reader }), look(10, now, { reader, flow }));

      expect(verdict.state).toBe(state);
      expect(verdict.reason).toContain(reason);
    },
  );

  it("tells of one that a schedule drains how long its limit takes", () => {
    const reader = { ...enabled, mappingState: undefined, drainedPerSecond: 5 / 60 };

    expect(judgeLag(look(0, [100, 0, 0]), look(10, [100, 0, 0], { reader })).drainSeconds).toBeCloseTo(1_200);
  });

  it("is held by what its governor goes by, and says since when and why", () => {
    const hold = {
      name: "breaker:payments",
      sinceMs: Date.UTC(2026, 0, 1),
      why: "payments is down: 503",
      by: "Charge",
    } as const;
    const paused = { name: "manual", sinceMs: Date.UTC(2026, 0, 2), why: "", by: "ops" } as const;
    const reader = { ...enabled, mappingState: "Disabled", holds: [hold, paused] };

    expect(judgeLag(look(0, [5, 0, 0]), look(5, [7, 0, 0], { reader }))).toMatchObject({
      state: "held",
      reason: "breaker:payments (and manual) since 2026-01-01T00:00:00.000Z: payments is down: 503; 7 wait",
    });
  });

  it("says when it will have caught up, at this pace", () => {
    expect(judgeLag(look(0, [1_000, 20, 0]), look(10, [480, 20, 0]))).toMatchObject({
      changePerSecond: -52,
      drainSeconds: 500 / 52,
    });
    expect(judgeLag(look(0, [0, 0, 0]), look(10, [0, 0, 0])).drainSeconds).toBe(0);
    expect(judgeLag(look(0, [5, 0, 0]), look(10, [9, 0, 0])).drainSeconds).toBeUndefined();
  });

  it("calls nothing stuck that gets something done", () => {
    const flow = { inPerSecond: 5, outPerSecond: 5, oldestSeconds: 60 };

    expect(judgeLag(look(0, [100, 7, 0]), look(10, [100, 7, 0], { flow }))).toMatchObject({
      state: "behind and growing",
      ...flow,
    });
  });

  it.each([
    [{ mappingState: "Disabled" }, "its mapping is Disabled; 12 wait"],
    [{ mappingState: undefined, isMissing: true }, "no mapping reads its queue"],
    [{ reservedConcurrency: 0 }, "reserved concurrency is 0"],
  ])("says held of %j, whatever the queue does", (reader, reason) => {
    const verdict = judgeLag(
      look(0, [20, 0, 0]),
      look(10, [10, 0, 2], { reader: { ...enabled, ...reader } }),
    );

    expect(verdict.state).toBe("held");
    expect(verdict.reason).toContain(reason);
  });

  it("does not take a mapping for held that it may not look at, and passes on what the last poll said", () => {
    const reader = { ...enabled, mappingState: undefined, lastResult: "PROBLEM: Function call failed" };

    expect(judgeLag(look(0, [3, 0, 0]), look(10, [3, 0, 0], { reader })).reason).toBe(
      "3 wait, and nobody receives them; the last poll: PROBLEM: Function call failed",
    );
  });
});
