import { describe, expect, it } from "@jest/globals";
import { applyPlan, inMemoryRepairs, makePlan, reconcile, userRepairer } from "../../src/reconcile/index.ts";
import { drop, twoBooks } from "./two-books.ts";

/** A book that lacks two entries, of which `comes` may come yet. */
function twoMissing() {
  const world = twoBooks({ days: 1 });
  const { books, job } = world;
  const all = books.right;
  books.right = drop(all, "transfer-3", "transfer-4");
  const asked: string[] = [];
  const onTheWay = new Map([["transfer-3", "it waits in the queue"]]);
  const underWay = async (keys: readonly string[]) => {
    asked.push(...keys);
    return keys.map((key) => onTheWay.get(key));
  };
  return { ...world, all, asked, onTheWay, job: { ...job, right: { ...job.right, underWay } } };
}

describe("reconcile with a side that says what is on its way", () => {
  it("calls nothing missing that may come yet, and asks about nothing else", async () => {
    const { clock, store, job, asked, state } = twoMissing();

    const report = await reconcile(job, { store, clock });

    expect(report).toMatchObject({ verdict: "differ", found: 1, unknown: [] });
    expect((await state()).open.map(({ key }) => key)).toEqual(["transfer-4"]);
    expect(asked.sort()).toEqual(["transfer-3", "transfer-4"]);
  });

  it("looks again in every run, until it has come", async () => {
    const { clock, store, job, books, all, onTheWay } = twoMissing();
    await reconcile(job, { store, clock });
    expect(await reconcile(job, { store, clock })).toMatchObject({ found: 0, open: { "missing-right": 1 } });

    books.right = drop(all, "transfer-4");
    onTheWay.clear();

    expect(await reconcile(job, { store, clock })).toMatchObject({ found: 0, open: { "missing-right": 1 } });
  });

  it("finds it missing when it is not on its way any more", async () => {
    const { clock, store, job, onTheWay } = twoMissing();
    await reconcile(job, { store, clock });

    onTheWay.clear();

    expect(await reconcile(job, { store, clock })).toMatchObject({ found: 1, open: { "missing-right": 2 } });
  });

  it("leaves open what is under way again, and does not repair it", async () => {
    const { clock, store, job, onTheWay } = twoMissing();
    const repairs = inMemoryRepairs();
    const called: string[] = [];
    const repairer = userRepairer({ repair: ({ key }) => void called.push(key) });
    await reconcile(job, { store, clock });
    const plan = await makePlan(job.name, {
      sides: { left: "left", right: "right" },
      repairer,
      store,
      clock,
    });
    onTheWay.set("transfer-4", "it was sent again a moment ago");

    expect(await reconcile(job, { store, clock })).toMatchObject({
      resolved: 0,
      open: { "missing-right": 1 },
    });
    const applied = await applyPlan(plan, { job, repairer, repairs, by: "anna", byItself: false, clock });

    expect(applied.results).toEqual([
      { key: "transfer-4", outcome: "unknown", message: expect.stringContaining("sent again a moment ago") },
    ]);
    expect(called).toEqual([]);
  });

  it("takes a side that cannot say so for unknown, not its entries for missing", async () => {
    const { clock, store, job } = twoMissing();
    const underWay = () => Promise.reject(new Error("throttled"));

    const report = await reconcile({ ...job, right: { ...job.right, underWay } }, { store, clock });

    expect(report).toMatchObject({ verdict: "unknown", found: 0 });
    expect(report.unknown[0]).toMatchObject({
      source: "right",
      message: expect.stringContaining("throttled"),
    });
  });

  it("takes an answer of another length for none", async () => {
    const { clock, store, job } = twoMissing();

    const report = await reconcile(
      { ...job, right: { ...job.right, underWay: async () => [] } },
      { store, clock },
    );

    expect(report.unknown[0]?.message).toContain("underWay answered 0 reasons for");
  });
});
