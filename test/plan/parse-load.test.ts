import { describe, expect, it } from "@jest/globals";
import { SettingsError } from "../../src/errors.ts";
import { checkLoad, parseArrivals, parseBurst, parseSpan } from "../../src/plan/index.ts";

describe("parseArrivals", () => {
  it.each([
    ["100/s", 100],
    ["0.5/s", 0.5],
    ["6000/min", 100],
    ["3600/h", 1],
    ["86400/day", 1],
  ])("reads %s as %d a second", (typed, perSecond) => {
    expect(parseArrivals(typed)).toBeCloseTo(perSecond, 9);
  });

  it.each(["50/fortnight", "0/s", "-1/s", "fast", "100", "1e3/s", "100/s/s", ""])("refuses %j", (typed) => {
    expect(() => parseArrivals(typed)).toThrow(SettingsError);
    expect(() => parseArrivals(typed)).toThrow(`${JSON.stringify(typed)} is no rate of arrivals`);
  });
});

describe("parseSpan", () => {
  it.each([
    ["40ms", 40],
    ["1.5s", 1_500],
    ["2min", 120_000],
    ["1h", 3_600_000],
    ["2d", 172_800_000],
  ])("reads %s as %d ms", (typed, ms) => {
    expect(parseSpan(typed)).toBe(ms);
  });

  it.each(["40", "1 hour", "-1s", "1m", ""])("refuses %j", (typed) => {
    expect(() => parseSpan(typed)).toThrow("give a number and one of ms, s, min, h, d");
  });
});

describe("parseBurst", () => {
  it("reads a rate and how long it lasts", () => {
    expect(parseBurst("100000/s:10s")).toEqual({ perSecond: 100_000, forMs: 10_000 });
  });

  it.each(["100000/s", "10s", "1/s:2s:3s", ":"])("refuses %j", (typed) => {
    expect(() => parseBurst(typed)).toThrow(SettingsError);
  });
});

describe("checkLoad", () => {
  const good = { arrivalsPerSecond: 10, handlerMs: 40 };

  it.each([
    ["arrivals", { arrivalsPerSecond: 0 }],
    ["handler", { handlerMs: -1 }],
    ["burst", { burst: { perSecond: 100, forMs: 0 } }],
    ["burst", { burst: { perSecond: 9, forMs: 1_000 } }],
    ["outage", { outageMs: -1 }],
    ["event bytes", { eventBytes: 0 }],
    ["groups", { groups: 0 }],
    ["published together", { publishedTogether: 11 }],
    ["arrivals", { arrivalsPerSecond: Number.POSITIVE_INFINITY }],
  ])("refuses %s of %j", (what, change) => {
    expect(() => checkLoad({ ...good, ...change })).toThrow(SettingsError);
    expect(() => checkLoad({ ...good, ...change })).toThrow(what);
  });

  it("takes what can be", () => {
    const load = {
      ...good,
      burst: { perSecond: 10, forMs: 1 },
      outageMs: 0,
      groups: 1,
      publishedTogether: 10,
    };

    expect(checkLoad(load)).toBe(load);
  });
});
