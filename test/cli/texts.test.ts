import { describe, expect, it } from "@jest/globals";
import { columns } from "../../cli/columns.ts";
import { moment } from "../../cli/moment.ts";
import { jsonLine } from "../../cli/plain-text.ts";
import { spanText } from "../../cli/span-text.ts";
import { UsageError } from "../../cli/usage-error.ts";
import { systemClock } from "../../src/clock.ts";

describe("columns", () => {
  it("aligns, numbers to the right, and keeps text from outside on its line", () => {
    const rows = [
      ["NAME", "COUNT"],
      ["a\nforged  row", 7],
      ["b", 1_234],
    ];

    expect(columns(rows)).toBe("NAME          COUNT\na forged row      7\nb              1234");
    expect(columns([["x".repeat(9), 1]], { widest: 5, indent: "  " })).toBe("  xxxx…  1");
  });
});

describe("spanText", () => {
  it.each([
    [-5, "0 s"],
    [1_499, "1 s"],
    [119_000, "119 s"],
    [120_000, "2 min"],
    [36 * 3_600_000, "36 h"],
    [96 * 3_600_000, "4 d"],
  ])("writes %d ms as %s", (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });
});

describe("moment", () => {
  const clock = { ...systemClock, nowMs: () => 1_000_000_000 };

  it.each([
    ["30m", 1_000_000_000 - 1_800_000],
    ["0s", 1_000_000_000],
    ["2d", 1_000_000_000 - 172_800_000],
    ["2026-11-23", Date.parse("2026-11-23T00:00:00Z")],
    ["2026-11-23T05:00Z", Date.parse("2026-11-23T05:00:00Z")],
    ["2026-11-23T05:00:01.5+02:00", Date.parse("2026-11-23T03:00:01.500Z")],
  ])("reads %s", (typed, ms) => {
    expect(moment(typed, clock)).toBe(ms);
  });

  it.each([
    "",
    "2",
    "h",
    "-2h",
    "2w",
    "2026-13-01",
    "2026-02-31",
    "2027-02-29T10:00Z",
    "2026-11-23T05:00",
    "yesterday",
  ])("refuses %j", (typed) => {
    expect(() => moment(typed, clock)).toThrow(UsageError);
  });
});

describe("jsonLine", () => {
  it("escapes what a terminal would act on, and says the same", () => {
    const value = { text: "a\u001b[2J\u009b1m\u202e\n\u007f é" };

    const line = jsonLine(value);

    expect(line).toBe('{"text":"a\\u001b[2J\\u009b1m\\u202e\\n\\u007f é"}');
    expect(JSON.parse(line)).toEqual(value);
  });
});
