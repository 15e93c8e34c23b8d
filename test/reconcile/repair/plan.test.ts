import { describe, expect, it } from "@jest/globals";
import { makePlan, PlanError, planText, readPlan, userRepairer } from "../../../src/reconcile/index.ts";
import { startMs } from "../books.ts";
import { drop } from "../two-books.ts";
import { repairWorld, sides } from "./repair-world.ts";

describe("makePlan", () => {
  it("says per difference what, why and how, the oldest first, and sums up", async () => {
    const { plan, books, run, store } = await repairWorld();
    books.right = books.right.map((entry) =>
      entry.key === "transfer-8" ? { ...entry, fields: { cents: 1 } } : entry,
    );
    await store.begin("banks", "test", Number.MAX_SAFE_INTEGER);
    await store.save("banks", "test", { v: 1, comparedToMs: startMs, lastLookToMs: startMs, unknown: [] }, 0);
    await run();

    const made = await plan();

    expect(made.items.map(({ key, class: as, why, how, amount }) => ({ key, as, why, how, amount }))).toEqual(
      [
        {
          key: "transfer-7",
          as: "missing-right",
          why: "left has it (cents 119), right has not",
          how: { do: "call" },
          amount: 119,
        },
        {
          key: "transfer-8",
          as: "mismatch",
          why: "cents is 136 for left, 1 for right",
          how: { do: "call" },
          amount: 136,
        },
        {
          key: "transfer-20",
          as: "missing-right",
          why: "left has it (cents 340), right has not",
          how: { do: "call" },
          amount: 340,
        },
      ],
    );
    expect(made.totals).toEqual({
      differences: 3,
      amount: 595,
      withoutAmount: 0,
      classes: {
        "missing-right": { differences: 2, amount: 459, withoutAmount: 0 },
        mismatch: { differences: 1, amount: 136, withoutAmount: 0 },
      },
      how: { send: 0, call: 3, tell: 0 },
    });
  });

  it("tells people what to look at where there is no repair", async () => {
    const { store, clock } = await repairWorld();

    const made = await makePlan("banks", { sides, repairer: userRepairer(), store, clock });

    expect(made.totals).toMatchObject({ withoutAmount: 2, how: { tell: 2 } });
    expect(made.items[0]?.how).toEqual({ do: "tell", look: expect.stringContaining("the left side") });
  });

  it("takes no amount that is no whole number, and survives one that throws", async () => {
    const { store, clock } = await repairWorld({
      wrong: ["transfer-1", "transfer-2", "transfer-3", "transfer-4"],
    });
    const amounts: Record<string, () => number | undefined> = {
      "transfer-1": () => 0.5,
      "transfer-2": () => Number.NaN,
      "transfer-3": () => {
        throw new TypeError("no cents");
      },
      "transfer-4": () => -200,
    };
    const repairer = userRepairer({ amountOf: ({ key }) => amounts[key]?.() });

    const { totals } = await makePlan("banks", { sides, repairer, store, clock });

    expect(totals).toMatchObject({ differences: 4, amount: 200, withoutAmount: 3 });
  });

  it("holds no more than there is room for, and says how many are left", async () => {
    const { store, clock, repairer, books, run } = await repairWorld({ wrong: [] });
    books.right = [];
    await run();
    await clock.advance(1);
    const progress = { v: 1, comparedToMs: startMs, lastLookToMs: startMs, unknown: [] } as const;
    await store.begin("banks", "test", Number.MAX_SAFE_INTEGER);
    await store.save("banks", "test", progress, 0);
    await run();

    const made = await makePlan("banks", { sides, repairer, store, clock, most: 30 });

    expect(made.items).toHaveLength(30);
    expect(made.left).toBe(42);
    expect(planText(made)).toContain("42 more are open: they are in the next plan");
  });

  it("picks classes, and leaves out what only people can see to, where asked to", async () => {
    const { store, clock, repairer } = await repairWorld();
    const of = (more: object) => makePlan("banks", { sides, repairer, store, clock, ...more });

    expect((await of({ classes: ["mismatch"] })).items).toEqual([]);
    expect((await of({ classes: ["missing-right"] })).items).toHaveLength(2);
    expect((await of({ repairer: userRepairer(), withTell: false })).items).toEqual([]);
  });
});

describe("readPlan", () => {
  it("takes a plan as it was written", async () => {
    const { plan } = await repairWorld();
    const made = await plan();

    expect(readPlan(JSON.stringify(made))).toEqual(made);
  });

  it.each([
    ["an item less", (plan: string) => plan.replace(/,\{"key":"transfer-20".*\}(?=\],"totals")/, "")],
    ["another key", (plan: string) => plan.replace('"transfer-7"', '"transfer-9"')],
    [
      "another way",
      (plan: string) => plan.replace('{"do":"call"}', '{"do":"send","consumer":"X","offsets":[]}'),
    ],
    ["another amount", (plan: string) => plan.replace('"amount":119', '"amount":118')],
    ["another time", (plan: string) => plan.replace(/"at":"2/, '"at":"1')],
    ["another job", (plan: string) => plan.replace('"job":"banks"', '"job":"bank"')],
  ])("refuses one that was changed since it was made: %s", async (_, change) => {
    const { plan } = await repairWorld();
    const text = JSON.stringify(await plan());

    expect(change(text)).not.toBe(text);
    expect(() => readPlan(change(text))).toThrow(PlanError);
  });

  it.each(["", "null", "[]", "{}", '{"v":1}', '{"v":1,"id":"a","job":"b"}', '"plan"'])(
    "refuses %j, which is none",
    (text) => {
      expect(() => readPlan(text)).toThrow(expect.objectContaining({ code: "plan-format" }));
    },
  );

  it("refuses another version", () => {
    expect(() => readPlan('{"v":2,"id":"a","job":"b","items":[]}')).toThrow(
      expect.objectContaining({ code: "plan-version", message: expect.stringContaining("1 is known") }),
    );
  });
});

describe("planText", () => {
  it("tells sums first, then each item, for people", async () => {
    const { plan } = await repairWorld();
    const made = await plan();

    const text = planText(made);

    expect(text.split("\n").slice(0, 3)).toEqual([
      `plan ${made.id.slice(0, 6)} (${made.id}) of job banks, made ${made.at}`,
      "  2 (amounts 459): missing-right 2 (amounts 459)",
      "  2 by the job's repair function",
    ]);
    expect(text).toContain(`  missing-right  transfer-7  of 2026-01-01T07:`);
    expect(text).toContain(
      "    why  left has it (cents 119), right has not; open since 2026-01-04T02:00:00.000Z",
    );
    expect(text).toContain("    how  call the job's repair function");
  });

  it("tells a few of many, and how many more there are", async () => {
    const wrong = Array.from({ length: 60 }, (_, index) => `transfer-${index}`);
    const { plan, books } = await repairWorld({ wrong });
    expect(drop(books.left, ...wrong)).toHaveLength(12);

    const text = planText(await plan());

    expect(text.match(/^ {4}how/gm)).toHaveLength(50);
    expect(text).toContain("and 10 more");
  });
});
