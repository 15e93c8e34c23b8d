import { describe, expect, it } from "@jest/globals";
import { bar, sparkline } from "../../cli/bars.ts";
import { ranText } from "../../cli/commands/reconcile-run.ts";
import { differenceText, openText, statusText } from "../../cli/job-text.ts";
import type { JobStatus } from "../../ops/reconcile/index.ts";
import type { OpenDifference } from "../../src/reconcile/index.ts";

const nowMs = Date.UTC(2026, 10, 27, 9);
const hourMs = 3_600_000;

const status = (change: Partial<JobStatus> = {}): JobStatus => ({
  bus: "shop",
  job: "Transfers",
  everyMs: hourMs,
  settleMs: 900_000,
  state: "agree",
  comparedToMs: nowMs - hourMs,
  ranMs: nowMs - 60_000,
  heldUntilMs: undefined,
  parts: undefined,
  open: { differences: 0, classes: {}, oldestMs: undefined },
  unknownSpans: 0,
  stopped: undefined,
  report: undefined,
  ...change,
});

const open = (key: string): OpenDifference => ({
  difference: {
    key,
    class: "mismatch",
    timeMs: nowMs - 5 * hourMs,
    fields: [{ field: "cents", left: 200, right: 1 }],
    left: [{ key, timeMs: nowMs - 5 * hourMs, fields: { cents: 200, to: "a" } }],
    right: [{ key, timeMs: nowMs - 5 * hourMs, fields: { cents: 1, to: "a" } }],
  },
  firstSeenMs: nowMs - 3 * hourMs,
  lastSeenMs: nowMs,
});

describe("sparkline", () => {
  it("draws the highest as high as a line, and what is not 0 so that it can be seen", () => {
    expect(sparkline([0, 1, 50, 100])).toBe(" ▁▄█");
    expect(sparkline([0, 0])).toBe("  ");
    expect(sparkline([])).toBe("");
    expect(sparkline([9, 1, 1], 2)).toBe("██");
  });
});

describe("bar", () => {
  it("is as long as its part of the most", () => {
    expect([bar(10, 10, 4), bar(5, 10, 4), bar(1, 1_000, 4), bar(0, 10, 4), bar(1, 0)]).toEqual([
      "████",
      "██",
      "█",
      "",
      "",
    ]);
  });
});

describe("statusText", () => {
  it("tells what a person has to do below the table", () => {
    const stopped = { atMs: nowMs, key: "transfer-7", message: "repaired twice" };

    const text = statusText([status({ state: "late" }), status({ job: "Points", stopped })], nowMs);

    expect(text).toContain(
      "shop-Transfers: no run has ended for two intervals of 60 min: is its schedule enabled?",
    );
    expect(text).toContain("shop-Points: repaired twice");
  });

  it("tells how many parts are done", () => {
    expect(statusText([status({ state: "unfinished", parts: { done: 3, of: 11 } })], nowMs)).toContain(
      "unfinished, 3 of 11 parts",
    );
  });
});

describe("openText, differenceText", () => {
  it("names the sides as the report does", () => {
    const sides = { left: "bank-a", right: "bank-b" };

    expect(openText([open("transfer-7")], { nowMs, sides })).toContain(
      "mismatch  transfer-7  2026-11-27T04:00:00Z  3 h       cents is 200 for bank-a, 1 for bank-b",
    );
    expect(differenceText(open("transfer-7"), { nowMs, sides })).toMatch(/^ +FIELD +bank-a +bank-b$/m);
  });

  it("forges no line by what comes from the compared systems", () => {
    const forged = "a\nmismatch  transfer-9  all is well";

    expect(openText([open(forged)], { nowMs }).split("\n")).toHaveLength(2);
    expect(differenceText(open(forged), { nowMs }).split("\n")[0]).toBe(
      "a mismatch transfer-9 all is well mismatch",
    );
  });
});

describe("ranText", () => {
  it("says what was not known, not in time and not repaired", () => {
    const text = ranText("shop-Transfers", {
      step: "ran",
      isLast: true,
      report: {
        v: 1,
        bus: "shop",
        job: "Transfers",
        at: "2026-11-27T09:00:00.000Z",
        tookMs: 1,
        left: "a",
        right: "b",
        everyMs: hourMs,
        settleMs: 0,
        spanMs: hourMs,
        verdict: "unknown",
        knownTo: "2026-11-27T05:00:00.000Z",
        found: 1,
        resolved: 2,
        repaired: 3,
        unfinished: false,
        open: { differences: 0, classes: {} },
        unknownSpans: 4,
        bound: { boundMs: 2 * hourMs, held: false, behindMs: 1 },
        repair: { status: "over", message: "too much" },
      },
    });

    expect(text.split("\n")).toEqual([
      "shop-Transfers: unknown",
      "  compared to 2026-11-27T05:00:00.000Z; found 1, gone 2, repaired 3",
      "  open 0",
      "  not known: 4 spans; they are compared again by the next run",
      "  the bound of 2 h was not held",
      "  too much",
    ]);
  });
});
