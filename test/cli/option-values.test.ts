import { describe, expect, it } from "@jest/globals";
import { count, countOrAll, port, seed, share } from "../../cli/option-values.ts";
import { UsageError } from "../../cli/usage-error.ts";

describe("share", () => {
  it.each([
    ["5%", 0.05],
    ["0.1%", 0.001],
    ["100%", 1],
    ["0%", 0],
    ["0.25", 0.25],
    [".5", 0.5],
    ["1", 1],
  ])("reads %s as %d", (typed, value) => {
    expect(share(typed)).toBeCloseTo(value, 12);
  });

  it.each(["", "%", "101%", "5", "-1%", "1e-1", "five", "5 %%", "NaN"])("refuses %j", (typed) => {
    expect(() => share(typed)).toThrow(UsageError);
    expect(() => share(typed)).toThrow(/is no share: give 0% to 100%/);
  });
});

describe("countOrAll", () => {
  it("reads a count, and the word all", () => {
    expect(countOrAll("200")).toBe(200);
    expect(countOrAll("all")).toBe("all");
  });

  it.each(["0", "-5", "1.5", "ALL", "", "1e3", "9999999999"])("refuses %j", (typed) => {
    expect(() => countOrAll(typed)).toThrow(/give a whole number from 1 on, as in "5000", or "all"/);
  });
});

describe("count", () => {
  it("reads a whole number and refuses zero", () => {
    expect(count("7")).toBe(7);
    expect(() => count("0")).toThrow(UsageError);
  });
});

describe("port", () => {
  it("reads 0 to 65535", () => {
    expect([port("0"), port("4566"), port("65535")]).toEqual([0, 4566, 65535]);
  });

  it.each(["65536", "-1", "http", ""])("refuses %j", (typed) => {
    expect(() => port(typed)).toThrow(/is no port: give 0 to 65535/);
  });
});

describe("seed", () => {
  it("reads a whole number and refuses anything else", () => {
    expect(seed("0")).toBe(0);
    expect(() => seed("a")).toThrow(UsageError);
  });
});
