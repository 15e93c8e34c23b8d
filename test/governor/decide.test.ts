import { describe, expect, it } from "@jest/globals";
import type { ConsumerHolds, Hold } from "../../src/breaker/index.ts";
import { decide } from "../../src/governor/decide.ts";
import type { MappingFacts } from "../../src/governor/index.ts";
import { probeDueMs } from "../../src/probing/probe-due.ts";
import { firstStep, isFull, nextStep } from "../../src/probing/ramp-steps.ts";

const nowMs = Date.UTC(2026, 0, 1);
const paused: Hold = { name: "manual", sinceMs: 1, why: "", by: "ops" };
const broken: Hold = {
  name: "breaker:payments",
  sinceMs: nowMs - 5_000,
  why: "",
  by: "Charge",
  probe: { everyMs: 10_000, own: false },
};
const mapping = (state: string, maximumConcurrency?: number): MappingFacts => ({
  uuid: "u",
  consumer: "Charge",
  queue: "shop-Charge",
  state,
  maximumConcurrency,
  isProvisioned: false,
});
const holdsOf = (some: Partial<ConsumerHolds> = {}): ConsumerHolds => ({
  consumer: "Charge",
  holds: [],
  probe: undefined,
  ramp: undefined,
  ...some,
});
const of = (one: MappingFacts, some?: Partial<ConsumerHolds>, planned: number | undefined = 10) =>
  decide(one, holdsOf(some), planned, { nowMs, stepMs: 10_000 });

describe("decide", () => {
  it("leaves a mapping alone that nothing holds, whatever it asks for", () => {
    expect(of(mapping("Enabled", 3))).toEqual({ do: "nothing" });
  });

  it("disables one that is held, and enables one that is not: a deployment, or somebody, has turned it", () => {
    expect(of(mapping("Enabled", 10), { holds: [paused] })).toEqual({
      do: "update",
      change: { enabled: false },
    });
    expect(of(mapping("Disabled", 10), { holds: [paused, broken] })).toEqual({ do: "nothing" });
    expect(of(mapping("Disabled", 10))).toEqual({ do: "update", change: { enabled: true } });
  });

  it.each(["Creating", "Enabling", "Disabling", "Updating", "Deleting"])("waits while it is %s", (state) => {
    expect(of(mapping(state, 10), { holds: [broken] })).toEqual({ do: "wait" });
    expect(of(mapping(state, 10))).toEqual({ do: "wait" });
  });

  it("opens it for two at once after an outage, and goes on when it has seen each step for a while", () => {
    const at = (state: string, asks: number, step: number, sinceMs?: number) =>
      of(mapping(state, asks), { ramp: { step, ...(sinceMs === undefined ? {} : { sinceMs }) } });

    expect(at("Disabled", 10, 2)).toEqual({
      do: "update",
      change: { enabled: true, maximumConcurrency: 2 },
    });
    expect(at("Enabled", 10, 2)).toEqual({ do: "update", change: { maximumConcurrency: 2 } });
    expect(at("Enabled", 2, 2)).toEqual({
      do: "ramp",
      before: { step: 2 },
      after: { step: 2, sinceMs: nowMs },
    });
    expect(at("Enabled", 2, 2, nowMs - 9_999)).toEqual({ do: "wait", atMs: nowMs + 1 });
    expect(at("Enabled", 2, 2, nowMs - 10_000)).toMatchObject({ do: "ramp", after: { step: 5 } });
    expect(at("Enabled", 5, 5, nowMs - 10_000)).toMatchObject({ do: "ramp", after: { step: 10 } });
    expect(at("Enabled", 5, 10)).toEqual({ do: "update", change: { maximumConcurrency: 10 } });
    expect(at("Enabled", 10, 10)).toEqual({ do: "ramp", before: { step: 10 }, after: undefined });
  });

  it("ends a recovery by taking the bound away where none was planned", () => {
    const ramp = { step: 1_000 };

    expect(decide(mapping("Enabled", 500), holdsOf({ ramp }), undefined, { nowMs, stepMs: 1 })).toEqual({
      do: "update",
      change: { maximumConcurrency: "unset" },
    });
    expect(decide(mapping("Enabled"), holdsOf({ ramp }), undefined, { nowMs, stepMs: 1 })).toMatchObject({
      do: "ramp",
      after: undefined,
    });
  });

  it("opens a mapping with pollers of its own at once: it takes no maximum", () => {
    const provisioned = { ...mapping("Disabled"), isProvisioned: true };

    expect(of(provisioned, { ramp: { step: 2 } })).toEqual({ do: "update", change: { enabled: true } });
    expect(of({ ...provisioned, state: "Enabled" }, { ramp: { step: 2 } })).toMatchObject({
      do: "ramp",
      after: undefined,
    });
  });

  it("ends at what is planned now, when that was lowered under way", () => {
    expect(of(mapping("Enabled", 20), { ramp: { step: 20, sinceMs: 1 } }, 5)).toEqual({
      do: "update",
      change: { maximumConcurrency: 5 },
    });
  });
});

describe("probeDueMs", () => {
  const note = { atMs: nowMs - 1_000, nextMs: nowMs + 8_500, verdict: "down", why: "" } as const;

  it("is an interval after the breaker opened, then what the last probe said", () => {
    expect(probeDueMs(holdsOf({ holds: [broken] }))).toBe(nowMs + 5_000);
    expect(probeDueMs(holdsOf({ holds: [broken], probe: note }))).toBe(nowMs + 8_500);
  });

  it("does not go by a probe from before the breaker opened", () => {
    const old = { ...note, atMs: nowMs - 60_000, nextMs: nowMs - 50_500 };

    expect(probeDueMs(holdsOf({ holds: [broken], probe: old }))).toBe(nowMs + 5_000);
  });

  it("is the first of several breakers, and never while somebody has paused the consumer", () => {
    const slow: Hold = { ...broken, name: "breaker:stock", probe: { everyMs: 60_000, own: true } };

    expect(probeDueMs(holdsOf({ holds: [slow, broken] }))).toBe(nowMs + 5_000);
    expect(probeDueMs(holdsOf({ holds: [slow, broken, paused] }))).toBeUndefined();
    expect(probeDueMs(holdsOf({ holds: [paused] }))).toBeUndefined();
    expect(probeDueMs(holdsOf())).toBeUndefined();
  });
});

describe("the steps of a recovery", () => {
  it("begin at two, and grow to what was planned", () => {
    const walk = (planned: number | undefined) => {
      const steps: number[] = [];
      for (let step = firstStep(planned)?.step; step !== undefined; step = nextStep(step, planned)) {
        steps.push(step);
        if (isFull(step, planned)) break;
      }
      return steps;
    };

    expect(walk(10)).toEqual([2, 5, 10]);
    expect(walk(7)).toEqual([2, 5, 7]);
    expect(walk(2)).toEqual([]);
    expect(walk(undefined)).toEqual([2, 5, 10, 20, 50, 100, 200, 500, 1_000]);
  });
});
