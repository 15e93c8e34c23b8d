import { describe, expect, it } from "@jest/globals";
import { type Evidence, judge } from "../../../drills/payments-points/judge.ts";
import { droppedOf, isDropped } from "../../../drills/payments-points/payment.ts";

const payments = 120;
const dropped = ["payment-7", "payment-57", "payment-107"];
const open = Object.fromEntries(dropped.map((key) => [key, "missing-right"]));
const readings = { without: [], ofNobody: [], pointsEarned: 900, pointsGiven: 900, open: {}, deadLetters: 0 };
const before = { ...readings, without: dropped, pointsGiven: 860 };

const clean: Evidence = {
  ...{ payments, before, found: { ...before, open }, after: readings },
  lastRun: { found: 0, resolved: 0, repaired: 0 },
};

describe("isDropped", () => {
  it.each([1, 7, 8, 120, 2_000])("drops as many of %d payments as droppedOf says", (count) => {
    const all = Array.from({ length: count }, (_, number) => number);

    expect(all.filter(isDropped)).toHaveLength(droppedOf(count));
  });
});

describe("judge of payments-points", () => {
  it("passes when every payment without points was found, and has them in the end", () => {
    expect(judge(clean)).toEqual({
      ...{ payments, injected: 3, found: 3, falseAlarms: 0, repaired: 3 },
      ...{ pointsEarned: 900, pointsGiven: 900, secondRunChanges: 0, pass: true, findings: [] },
    });
  });

  it.each<[string, Partial<Evidence>, string]>([
    [
      "one was not found",
      { found: { ...before, open: { "payment-7": "missing-right", "payment-57": "missing-right" } } },
      "that were found: 2",
    ],
    [
      "one was found that has its points",
      { found: { ...before, open: { ...open, "payment-8": "missing-right" } } },
      "false alarms: 1",
    ],
    ["one has no points at the end", { after: { ...readings, without: ["payment-7"] } }, "at the end: 1"],
    ["points were given for no payment", { after: { ...readings, ofNobody: ["payment-x"] } }, "of nobody: 1"],
    ["points were given twice", { after: { ...readings, pointsGiven: 901 } }, "points given: 901"],
    [
      "something is open at the end",
      { after: { ...readings, open: { "payment-7": "late" } } },
      "open at the end: 1",
    ],
    ["one more run finds something", { lastRun: { found: 0, resolved: 1, repaired: 0 } }, "one more run: 1"],
    ["a letter is dead", { after: { ...readings, deadLetters: 1 } }, "dead letters: 1"],
    [
      "nothing was dropped",
      { before: { ...before, without: [] }, found: readings },
      "not exercised: the points of 0 payments were dropped, of 3 promised",
    ],
  ])("fails when %s", (_, more, says) => {
    const { pass, findings } = judge({ ...clean, ...more });

    expect(pass).toBe(false);
    expect(findings).toEqual([expect.stringContaining(says)]);
  });
});
