import { describe, expect, it } from "@jest/globals";
import { digestOf, workOut } from "../../../drills/recommender/control.ts";
import { type Evidence, judge } from "../../../drills/recommender/judge.ts";
import { makeResult } from "../../../drills/recommender/result.ts";
import { summarize } from "../../../drills/recommender/summary.ts";

const control = { orders: 100, cents: 5_000, customers: 40, digest: "d" };
const readings = {
  customers: 40,
  handled: 100,
  effects: 100,
  cents: 5_000,
  digest: "d",
  deadLetters: 0,
  reasons: {},
};

/** Everything agrees. */
function evidence(change: Partial<Evidence> = {}): Evidence {
  const published = { orders: 100, duplicates: 5 };
  return { control, published, readings, suppressed: 5, kills: 1, full: false, ...change };
}

describe("judge of the recommender", () => {
  it("finds nothing when all agrees", () => {
    expect(judge(evidence())).toEqual([]);
    expect(judge(evidence({ kills: 20, full: true }))).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    [
      "an order not published",
      { published: { orders: 99, duplicates: 5 } },
      "published orders: 99, and must be 100",
    ],
    [
      "an order too few sent twice",
      { published: { orders: 100, duplicates: 4 } },
      "orders sent twice: 4, and must be 5",
    ],
    ["a lost order", { readings: { ...readings, handled: 99 } }, "orders counted: 99, and must be 100"],
    [
      "an order counted twice",
      { readings: { ...readings, handled: 101 } },
      "orders counted: 101, and must be 100",
    ],
    [
      "an effect without a number",
      { readings: { ...readings, effects: 101 } },
      "effects: 101, and must be 100",
    ],
    ["a cent too much", { readings: { ...readings, cents: 5_001 } }, "cents: 5001, and must be 5000"],
    ["a customer too many", { readings: { ...readings, customers: 41 } }, "customers: 41, and must be 40"],
    [
      "numbers that stand at the wrong customer",
      { readings: { ...readings, digest: "e" } },
      "digest of all customers' recency, frequency and money: e, and must be d",
    ],
    ["a dead letter", { readings: { ...readings, deadLetters: 1 } }, "dead letters: 1, and must be 0"],
    [
      "duplicates that never came",
      { published: { orders: 100, duplicates: 5 }, suppressed: 4, kills: 0 },
      "not exercised: 4 duplicates suppressed of 5 that were published",
    ],
    ["no kill", { kills: 0 }, "not exercised: 0 Python processes killed, and 1 are the least"],
    [
      "few kills in a full run",
      { kills: 19, full: true },
      "not exercised: 19 Python processes killed, and 20 are the least",
    ],
  ])("finds %s", (_, change, finding) => {
    expect(judge(evidence(change))).toContain(finding);
  });

  it("passes only without a finding, and says what does not agree", () => {
    const base = { evidence: evidence(), elapsedMs: 2_000, memoryMb: 300, letters: [] };

    const good = makeResult({ ...base, findings: [] });
    const bad = makeResult({ ...base, findings: ["cents: 5001, and must be 5000"] });

    expect(good).toMatchObject({
      orders: 100,
      handled: 100,
      duplicates: 5,
      kills: 1,
      cents: 5_000,
      pass: true,
    });
    expect(summarize(good)).toContain("50.00 dollars");
    expect(bad.pass).toBe(false);
    expect(summarize(bad)).toContain("pass       NO\n           cents: 5001, and must be 5000");
  });
});

describe("workOut", () => {
  it("adds the first orders up by customer", async () => {
    const { digest, ...totals } = await workOut(3);

    expect(totals).toEqual({ orders: 3, cents: 1_177 + 1_200 + 7_700, customers: 2 });
    expect(digest).toBe(
      digestOf([
        { customer: "00002", recency: "1997-01-12", frequency: 2, cents: 8_900 },
        { customer: "00001", recency: "1997-01-01", frequency: 1, cents: 1_177 },
      ]),
    );
  });

  it("reproduces the data set's published totals", async () => {
    expect(await workOut("all")).toMatchObject({ orders: 69_659, cents: 250_031_563, customers: 23_570 });
  });
});
