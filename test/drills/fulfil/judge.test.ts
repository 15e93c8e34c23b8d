import { describe, expect, it } from "@jest/globals";
import type { BookLine } from "../../../drills/fulfil/books.ts";
import { type Evidence, judge } from "../../../drills/fulfil/judge.ts";
import { redeployed, stageNames } from "../../../drills/fulfil/names.ts";
import { type BooksReport, readBooks } from "../../../drills/fulfil/read-books.ts";
import { troubles } from "../../../drills/fulfil/trouble.ts";

const line = (story: string, order = 0): BookLine => {
  const [kind, stage, key = "key", atMs = "0"] = story.split(" ");
  return { kind, stage, order, key, atMs: Number(atMs), ageMs: 5, release: 1 } as BookLine;
};
const read = (...story: string[]) =>
  readBooks(
    story.map((one) => line(one)),
    { orders: 1, quiet: 1, warmUp: 0, redeployed },
  );
const through = stageNames.map((name) => `did ${name}`);
const declined = ["did RiskCheck", "did LockStock", "refused Charge"];

describe("readBooks", () => {
  it.each<[string, "shipped" | "compensated" | "stuck", string[]]>([
    ["all stages", "shipped", through],
    [
      "all undone in reverse, and told",
      "compensated",
      [...declined, "undid LockStock", "undid RiskCheck", "told Tell"],
    ],
    ["a first stage that refuses", "compensated", ["refused RiskCheck", "told Tell"]],
    ["nothing", "stuck", []],
    ["half of the way", "stuck", through.slice(0, 3)],
    ["shipped, and undone all the same", "stuck", [...through, "undid Pack"]],
    ["a stage left out", "stuck", through.toSpliced(1, 1)],
    ["undone in the wrong order", "stuck", [...declined, "undid RiskCheck", "undid LockStock", "told Tell"]],
    ["undone by half", "stuck", [...declined, "undid LockStock", "told Tell"]],
    [
      "told before the last was undone",
      "stuck",
      [...declined, "undid LockStock", "told Tell", "undid RiskCheck"],
    ],
    ["not told", "stuck", [...declined, "undid LockStock", "undid RiskCheck"]],
  ])("takes %s for %s", (_, end, story) => {
    const { shipped, compensated, stuck } = read(...story);

    expect({ shipped: 0, compensated: 0, stuck: 0, [end]: 1 }).toEqual({ shipped, compensated, stuck });
  });

  it("tells a second question under another key from one that is asked again", () => {
    expect(read(...through, "did Charge key")).toMatchObject({ shipped: 1, again: 1, doubled: 0 });
    expect(read(...through, "did Charge other")).toMatchObject({ doubled: 1 });
  });

  it("measures from stage to stage", () => {
    const { criticalMs } = read("did RiskCheck key 100", "did LockStock key 130", "refused Charge key 190");

    expect(criticalMs).toMatchObject({
      RiskCheck: { quiet: { p50: 5 } },
      LockStock: { quiet: { p50: 30 } },
      Charge: { quiet: { p95: 60 } },
      Ship: { quiet: { p50: 0 } },
    });
  });
});

describe("judge", () => {
  const times = (quiet: number, disturbed: number) => ({
    quiet: { p50: quiet, p95: quiet },
    disturbed: { p50: disturbed, p95: disturbed },
  });
  const well: BooksReport = {
    ...{ shipped: 94, compensated: 6, stuck: 0, examples: [], doubled: 0, again: 2 },
    refused: { RiskCheck: 3, LockStock: 2, Charge: 1 },
    releases: { "1": 50, "2": 47 },
    criticalMs: {
      ...{ RiskCheck: times(30, 40), LockStock: times(30, 900), Charge: times(30, 160) },
      ...{ Pack: times(30, 4_000), Ship: times(30, 30) },
    },
  };
  const judged = (change: Partial<BooksReport> = {}, more: Partial<Evidence> = {}) =>
    judge({ orders: 100, books: { ...well, ...change }, deadLetters: 0, ...more });

  it("passes a run in which only those were slow that were made so", () => {
    expect(judged()).toMatchObject({ pass: true, findings: [], harmToOthers: 0, stuck: 0 });
  });

  it.each<[string, Partial<BooksReport>, Partial<Evidence>, RegExp]>([
    [
      "a stuck order",
      { shipped: 93, stuck: 1, examples: ["order 7: did Pack"] },
      {},
      /stuck: 1.*order 7: did Pack/s,
    ],
    ["too many compensated", { shipped: 93, compensated: 7 }, {}, /orders compensated: 7, and must be 6/],
    ["a partner that was asked under two keys", { doubled: 1 }, {}, /under two keys: 1/],
    ["a dead letter", {}, { deadLetters: 1 }, /dead letters: 1/],
    [
      "another stage that suffered",
      { criticalMs: { ...well.criticalMs, Charge: times(30, 161) } },
      {},
      /Charge was harmed: p50 \/ p95 161 \/ 161 ms, 30 \/ 30 ms when quiet; 160 \/ 590 ms are allowed/,
    ],
    [
      "another stage whose slowest orders suffered",
      {
        criticalMs: {
          ...well.criticalMs,
          Ship: { quiet: { p50: 30, p95: 30 }, disturbed: { p50: 30, p95: 591 } },
        },
      },
      {},
      /Ship was harmed: p50 \/ p95 30 \/ 591 ms/,
    ],
    [
      "a stage that refused nobody",
      { refused: { RiskCheck: 3, LockStock: 2 } },
      {},
      /not exercised: Charge refused 0 of 1/,
    ],
    [
      "a stage that was not replaced",
      { releases: { "1": 97 } },
      {},
      /not exercised: LockStock was not replaced/,
    ],
    [
      "a stage that was not slow",
      { criticalMs: { ...well.criticalMs, Pack: times(30, 31) } },
      {},
      /not exercised: Pack was not slower/,
    ],
  ])("fails %s", (_, change, more, finding) => {
    const result = judged(change, more);

    expect(result.pass).toBe(false);
    expect(result.findings.join("\n")).toMatch(finding);
  });
});

describe("troubles", () => {
  it("gives exactly the shares, and no order two of them", () => {
    const found = [...troubles(5_000).values()].map(({ stage }) => stage);

    expect(found.filter((stage) => stage === "RiskCheck")).toHaveLength(150);
    expect(found.filter((stage) => stage === "LockStock")).toHaveLength(100);
    expect(found.filter((stage) => stage === "Charge")).toHaveLength(50);
  });
});
