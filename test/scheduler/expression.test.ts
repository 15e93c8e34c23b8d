import { describe, expect, it } from "@jest/globals";
import { parseExpression } from "../../local/scheduler/expression.ts";
import { nextOccurrence } from "../../local/scheduler/next-occurrence.ts";

/** The next `count` times after one, in UTC to the minute. */
function times(expression: string, after: string, count = 3, timezone = "UTC"): string[] {
  const found: string[] = [];
  for (let atMs: number | undefined = Date.parse(after); found.length < count; ) {
    atMs = nextOccurrence(parseExpression(expression), { timezone, anchorMs: Date.parse(after) }, atMs);
    if (atMs === undefined) return found;
    found.push(new Date(atMs).toISOString().slice(0, 16));
  }
  return found;
}

describe("cron", () => {
  it.each([
    ["0 9 * * ? *", ["2026-11-27T09:00", "2026-11-28T09:00", "2026-11-29T09:00"]],
    ["0/20 8-9 * * ? *", ["2026-11-27T08:00", "2026-11-27T08:20", "2026-11-27T08:40"]],
    ["*/25 * * * ? *", ["2026-11-27T00:25", "2026-11-27T00:50", "2026-11-27T01:00"]],
    ["15 10 ? * MON-FRI *", ["2026-11-27T10:15", "2026-11-30T10:15", "2026-12-01T10:15"]],
    ["0 0 ? * 1,7 *", ["2026-11-28T00:00", "2026-11-29T00:00", "2026-12-05T00:00"]],
    ["0 0 ? * FRI-MON *", ["2026-11-28T00:00", "2026-11-29T00:00", "2026-11-30T00:00"]],
    ["0 12 L * ? *", ["2026-11-30T12:00", "2026-12-31T12:00", "2027-01-31T12:00"]],
    ["0 12 31 * ? *", ["2026-12-31T12:00", "2027-01-31T12:00", "2027-03-31T12:00"]],
    ["0 12 29 FEB ? *", ["2028-02-29T12:00", "2032-02-29T12:00", "2036-02-29T12:00"]],
    // 28 November 2026 is a Saturday, 1 August 2027 a Sunday, 31 July 2027 a Saturday.
    ["0 8 28W 11 ? 2026", ["2026-11-27T08:00"]],
    ["0 8 1W 8 ? 2027", ["2027-08-02T08:00"]],
    ["0 8 31W 7 ? 2027", ["2027-07-30T08:00"]],
    ["0 8 ? * 6L *", ["2026-11-27T08:00", "2026-12-25T08:00", "2027-01-29T08:00"]],
    ["0 8 ? * 2#1 *", ["2026-12-07T08:00", "2027-01-04T08:00", "2027-02-01T08:00"]],
    ["0 8 ? * L *", ["2026-11-28T08:00", "2026-12-05T08:00", "2026-12-12T08:00"]],
    ["30 6 1 1,JUL ? 2027-2028", ["2027-01-01T06:30", "2027-07-01T06:30", "2028-01-01T06:30"]],
    ["0 0 31 2 ? *", []],
    ["0 0 1 1 ? 2020", []],
  ])("%s", (fields, expected) => {
    expect(times(`cron(${fields})`, "2026-11-27T00:00:30Z")).toEqual(expected);
  });

  it("never gives the same minute again", () => {
    expect(times("cron(* * * * ? *)", "2026-11-27T23:58:00Z")).toEqual([
      "2026-11-27T23:59",
      "2026-11-28T00:00",
      "2026-11-28T00:01",
    ]);
  });

  it("follows the clocks of its time zone, which go forward: what they pass over is left out", () => {
    expect(times("cron(30 2 * * ? *)", "2026-03-27T12:00:00Z", 3, "Europe/Berlin")).toEqual([
      "2026-03-28T01:30",
      // 29 March has no 2:30.
      "2026-03-30T00:30",
      "2026-03-31T00:30",
    ]);
  });

  it("follows the clocks of its time zone, which go back: what they show twice counts once", () => {
    expect(times("cron(0/30 2 * * ? *)", "2026-10-24T12:00:00Z", 4, "Europe/Berlin")).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T00:30",
      "2026-10-26T01:00",
      "2026-10-26T01:30",
    ]);
    expect(times("cron(0 9 * * ? *)", "2026-11-27T00:00:00Z", 1, "Pacific/Auckland")).toEqual([
      "2026-11-27T20:00",
    ]);
    expect(times("cron(0 9 * * ? *)", "2026-11-27T00:00:00Z", 1, "Asia/Kathmandu")).toEqual([
      "2026-11-27T03:15",
    ]);
  });

  it.each([
    ["0 9 * * *", "has 5 fields; six are needed"],
    ["0 9 * * * *", "needs a ? as day of month or as day of week"],
    ["0 9 ? * ? *", "and not as both"],
    ["60 9 * * ? *", 'has "60" where 0 to 59 is allowed'],
    ["0 9 ? * MOON *", 'has "MOON" where 1 to 7 is allowed'],
    ["0/0 9 * * ? *", 'has the step "0"'],
    ["0 9 * * ? 1969", 'has "1969"'],
    ["-5 9 * * ? *", 'has ""'],
  ])("refuses %s", (fields, message) => {
    expect(() => parseExpression(`cron(${fields})`)).toThrow(message);
  });
});

describe("rate and at", () => {
  it("repeat from the anchor on, the anchor included", () => {
    const expression = parseExpression("rate(5 minutes)");
    const bounds = { timezone: "UTC", anchorMs: 1_000 };

    const next = (afterMs: number) => nextOccurrence(expression, bounds, afterMs);

    expect([next(999), next(1_000), next(300_999), next(301_000), next(-5_000_000)]).toEqual([
      1_000, 301_000, 301_000, 601_000, 1_000,
    ]);
    expect(parseExpression("rate(1 hour)")).toEqual({ kind: "rate", everyMs: 3_600_000 });
    expect(parseExpression("rate(2 days)")).toEqual({ kind: "rate", everyMs: 172_800_000 });
  });

  it("run once, in their time zone; a time that its clocks pass over is an hour later", () => {
    expect(times("at(2026-12-24T18:00:00)", "2026-11-27T00:00:00Z", 2, "Europe/Berlin")).toEqual([
      "2026-12-24T17:00",
    ]);
    expect(times("at(2027-03-28T02:30:00)", "2026-11-27T00:00:00Z", 2, "Europe/Berlin")).toEqual([
      "2027-03-28T01:30",
    ]);
    expect(times("at(2026-11-26T00:00:00)", "2026-11-27T00:00:00Z")).toEqual([]);
  });

  it("hold to start and end", () => {
    const expression = parseExpression("rate(1 minute)");
    const bounds = { timezone: "UTC", anchorMs: 600_000, startMs: 600_000, endMs: 660_000 };

    const next = (afterMs: number) => nextOccurrence(expression, bounds, afterMs);

    expect([next(0), next(600_000), next(660_000)]).toEqual([600_000, 660_000, undefined]);
  });

  it.each([
    "rate(0 minutes)",
    "rate(1 week)",
    "rate(1.5 hours)",
    "at(2026-04-31T00:00:00)",
    "at(tomorrow)",
    "every day",
  ])("are not %s", (text) => {
    expect(() => parseExpression(text)).toThrow(/is none: at\(/);
  });

  it("need a time zone that there is", () => {
    expect(() => times("cron(0 9 * * ? *)", "2026-11-27T00:00:00Z", 1, "Mars/Olympus")).toThrow(
      /no time zone "Mars\/Olympus"/,
    );
  });
});
