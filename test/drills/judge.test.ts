import { describe, expect, it } from "@jest/globals";
import { perConsumer } from "../../drills/orders/consumers.ts";
import { type Evidence, judge } from "../../drills/orders/judge.ts";
import { expectedReasons } from "../../drills/orders/poison.ts";
import { makeResult } from "../../drills/orders/result.ts";
import { summarize } from "../../drills/orders/summary.ts";

describe("judge", () => {
  it("finds nothing when all agrees", () => {
    expect(judge(evidence())).toEqual([]);
    expect(judge(evidence({ kills: 20, full: true }))).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    [
      "an order not published",
      { published: { orders: 99, duplicates: 5, poison: 3 } },
      "published orders: 99, and must be 100",
    ],
    ["a lost effect", changed({ handled: 99 }), "Points: effects: 99, and must be 100"],
    ["an effect counted twice", changed({ handled: 101 }), "Points: effects: 101, and must be 100"],
    ["a cent too much", changed({ total: 5_001 }), "Points: cents: 5001, and must be 5000"],
    ["a lost dead letter", changed({ deadLetters: 2 }), "Points: dead letters: 2, and must be 3"],
    ["a dead letter too many", changed({ deadLetters: 4 }), "Points: dead letters: 4, and must be 3"],
    [
      "a dead letter for another reason",
      changed({ reasons: { ...expectedReasons(2), "attempts-exhausted": 1 } }),
      "Points: dead letters for attempts-exhausted: 1, and must be 0",
    ],
    [
      "duplicates that never came",
      { suppressed: perConsumer(({ name }) => (name === "Stock" ? 4 : 5)) },
      "Stock: not exercised: 4 duplicates suppressed of 5 published",
    ],
    [
      "no kill under chaos",
      { kills: 0 },
      "chaos: not exercised: 0 handler processes killed, and 1 are the least",
    ],
    [
      "few kills in a full run",
      { kills: 19, full: true },
      "chaos: not exercised: 19 handler processes killed, and 20 are the least",
    ],
    [
      "an archive that nobody disturbed",
      { kills: 20, keeperKills: 19, full: true },
      "chaos: not exercised: 19 archive processes killed, and 20 are the least",
    ],
  ])("finds %s", (_, change, finding) => {
    const findings = judge(evidence(change));

    expect(findings).toContain(finding);
  });

  it.each<[string, Partial<Evidence["kept"]>, string]>([
    ["an event that was not archived", { orders: 99 }, "archive: orders: 99, and must be 100"],
    ["one that is archived twice", { orders: 101 }, "archive: orders: 101, and must be 100"],
    ["one that was changed on the way", { cents: 4_999 }, "archive: cents: 4999, and must be 5000"],
    [
      "a completion that the journal lacks",
      { completed: { ...perConsumer(() => 100), Stock: 99 } },
      "journal: completed by Stock: 99, and must be 100",
    ],
  ])("finds %s", (_, change, finding) => {
    const all = evidence();

    expect(judge({ ...all, kept: { ...all.kept, ...change } })).toEqual([finding]);
  });

  it("forgives no more untold duplicates than killed processes can have taken with them", () => {
    const published = { orders: 100, duplicates: 30, poison: 3 };

    expect(judge(evidence({ published, suppressed: perConsumer(() => 10), kills: 2 }))).toEqual([]);
    expect(judge(evidence({ published, suppressed: perConsumer(() => 9), kills: 2 }))).toHaveLength(3);
  });
});

describe("makeResult", () => {
  it("agrees only without a finding", () => {
    const base = { evidence: evidence(), firstHandledMs: 3_000.4, elapsedMs: 1_000, memoryMb: 500.4 };

    const good = makeResult({ ...base, findings: [] });
    const bad = makeResult({ ...base, findings: ["Points: effects: 99, and must be 100"] });

    expect(good).toMatchObject({
      published: 100,
      duplicatesPublished: 5,
      poison: 3,
      consumers: { Points: { handled: 100, duplicates: 5, deadLetters: 3, total: 5_000 } },
      kills: 0,
      agree: true,
      firstHandledMs: 3_000,
      deliveriesPerSecond: (100 + 5 + 3) * 3,
      memoryMb: 500,
    });
    expect(bad.agree).toBe(false);
    expect(bad.findings).toEqual(["Points: effects: 99, and must be 100"]);
  });
});

describe("summarize", () => {
  it("shows every total beside its control, and what does not agree", () => {
    const wrong = evidence(changed({ total: 4_999 }));
    const result = makeResult({
      evidence: wrong,
      findings: judge(wrong),
      firstHandledMs: 2_500,
      elapsedMs: 1_000,
      memoryMb: 1,
    });

    const text = summarize(result);

    expect(text).toMatch(/Points .*49\.99 dollars .*50\.00 dollars .*NO/);
    expect(text).toMatch(/Stock .*200 CDs .*200 CDs .*yes/);
    expect(text).toContain("first event handled 2.5 s after the command");
    expect(text).toContain("agree      NO\n           Points: cents: 4999, and must be 5000");
  });
});

/** Everything agrees: 100 orders of 5,000 cents and 200 CDs, 5 of them twice, 3 poison messages. */
function evidence(change: Partial<Evidence> = {}): Evidence {
  const control = { orders: 100, cents: 5_000, cds: 200 };
  return {
    control,
    published: { orders: 100, duplicates: 5, poison: 3 },
    readings: perConsumer((consumer) => ({
      handled: 100,
      total: control[consumer.control],
      deadLetters: 3,
      reasons: expectedReasons(3),
    })),
    kept: {
      orders: 100,
      cents: 5_000,
      others: 3,
      completed: perConsumer(() => 100),
      sealedLines: 0,
    },
    suppressed: perConsumer(() => 5),
    kills: undefined,
    keeperKills: undefined,
    full: false,
    ...change,
  };
}

/** The same, with another reading of Points. */
function changed(reading: Partial<Evidence["readings"]["Points"]>): Pick<Evidence, "readings"> {
  const { readings } = evidence();
  return { readings: { ...readings, Points: { ...readings.Points, ...reading } } };
}
