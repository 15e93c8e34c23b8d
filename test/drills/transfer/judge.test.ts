import { describe, expect, it } from "@jest/globals";
import type { BooksReport } from "../../../drills/transfer/books.ts";
import { crashPoints } from "../../../drills/transfer/die-once.ts";
import { planFaults } from "../../../drills/transfer/faults.ts";
import { type Evidence, judge } from "../../../drills/transfer/judge.ts";

const transfers = 4_000;
const faults = [...planFaults(transfers).values()];
const lost = faults.find(({ kind }) => kind === "lost-credit")?.key ?? "";
const keysOf = (wanted: (as: string) => boolean) =>
  faults.filter((fault) => wanted(fault.class)).map(({ key }) => key);
const differing: BooksReport["differing"] = Object.fromEntries(
  faults.map((fault) => [fault.key, fault.class]),
);
const books: BooksReport = { differing: {}, centsLeft: 500, centsRight: 500, fingerprint: "same" };
const open = Object.fromEntries(faults.map((fault) => [fault.key, [fault.class]]));
const watched = { looks: 20, twice: [], mostInFlight: 12, open };
const without = <Value>(all: Readonly<Record<string, Value>>, key: string) =>
  Object.fromEntries(Object.entries(all).filter(([one]) => one !== key));
const repaired = keysOf((as) => as !== "late");

const clean: Evidence = {
  ...{ transfers, before: { ...books, differing }, after: books, again: books },
  lastRun: { found: 0, resolved: 0, repaired: 0 },
  ...{ repaired, watched, deadLetters: 0, kills: { bankA: 5, bankB: 3, reconciler: 2 } },
  ...{ diedAt: crashPoints, throttled: 4, statement: "agree", seconds: 300 },
};

describe("judge of transfer", () => {
  it("passes when all was injected, found, called right and repaired, and both books agree", () => {
    expect(judge(clean)).toMatchObject({
      ...{ injected: 48, found: 48, misclassified: 0, falseAlarms: 0, repaired: 40 },
      ...{ centsLeft: 500, centsRight: 500, secondRunChanges: 0, findings: [], pass: true },
    });
  });

  it("lets what is only late stay", () => {
    const late = Object.fromEntries(keysOf((as) => as === "late").map((key) => [key, "late" as const]));

    expect(judge({ ...clean, after: { ...books, differing: late } })).toMatchObject({ pass: true });
  });

  it.each<[string, Partial<Evidence>, string]>([
    ["one was not found", { watched: { ...watched, open: without(open, lost) } }, "differences found: 47"],
    [
      "one was called something else",
      { watched: { ...watched, open: { ...open, [lost]: ["missing-right", "mismatch"] } } },
      "called something else: 1",
    ],
    [
      "an honest one was open",
      { watched: { ...watched, open: { ...open, "transfer-1": ["missing-right"] } } },
      "false alarms: 1",
    ],
    ["one was not repaired", { repaired: repaired.slice(1) }, "repaired: 39"],
    ["one was repaired twice", { repaired: [...repaired, lost] }, "written down twice: 41"],
    ["an honest one was repaired", { repaired: [...repaired, "transfer-1"] }, "without a fault: 1"],
    [
      "one differs at the end",
      { after: { ...books, differing: { [lost]: "missing-right" } } },
      "at the end: 1",
    ],
    ["a cent is missing", { after: { ...books, centsRight: 499 } }, "cents right: 499"],
    ["one more run finds something", { lastRun: { found: 1, resolved: 0, repaired: 0 } }, "one more run: 1"],
    ["one more run changes a book", { again: { ...books, fingerprint: "other" } }, "one more run: 1"],
    ["money was there twice", { watched: { ...watched, twice: ["look"] } }, "money twice: 1"],
    [
      "the bus has lost one",
      { before: { ...books, differing: { ...differing, "transfer-1": "missing-right" } } },
      "nobody injected: 1",
    ],
    ["a letter is dead", { deadLetters: 1 }, "dead letters: 1"],
    ["the statement differs", { statement: "differ" }, "statement: differ"],
    [
      "a fault did not get into the books",
      { before: { ...books, differing: without(differing, lost) } },
      "not exercised: faults in the books: 47 of 48",
    ],
    [
      "nobody died at one step",
      { diedAt: crashPoints.slice(1) },
      "named steps that somebody died at: 6 of 7",
    ],
    ["bank A was not killed", { kills: { ...clean.kills, bankA: 1 } }, "not exercised: kills of bank A"],
    ["bank B was not killed", { kills: { ...clean.kills, bankB: 1 } }, "not exercised: kills of bank B"],
    [
      "the reconciliation was not killed",
      { kills: { ...clean.kills, reconciler: 1 } },
      "of the reconciliation",
    ],
    ["nothing was throttled", { throttled: 0 }, "not exercised: throttled transactions"],
    ["nobody looked at the money", { watched: { ...watched, looks: 0 } }, "not exercised: looks"],
    [
      "no money was in flight",
      { watched: { ...watched, mostInFlight: 0 } },
      "not exercised: cents in flight",
    ],
  ])("fails when %s", (_, more, says) => {
    const { pass, findings } = judge({ ...clean, ...more });

    expect(pass).toBe(false);
    expect(findings).toEqual([expect.stringContaining(says)]);
  });
});
