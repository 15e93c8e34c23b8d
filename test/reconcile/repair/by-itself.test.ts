import { describe, expect, it } from "@jest/globals";
import { hourMs } from "../books.ts";
import { drop } from "../two-books.ts";
import { repairWorld } from "./repair-world.ts";

describe("repairByItself", () => {
  it("repairs what the rule allows, as the schedule", async () => {
    const { auto, run, audit } = await repairWorld();

    expect(await auto()).toMatchObject({
      status: "applied",
      applied: { results: [{ outcome: "repaired" }, { outcome: "repaired" }] },
    });
    expect((await audit())[0]).toMatchObject({ by: "schedule" });
    expect(await run()).toMatchObject({ verdict: "agree" });
    expect(await auto()).toEqual({ status: "nothing" });
  });

  it("repairs no other class", async () => {
    const { auto, calls } = await repairWorld();

    expect(await auto({ classes: ["mismatch", "missing-left"] })).toEqual({ status: "nothing" });
    expect(calls).toEqual([]);
  });

  it.each([
    ["as many as there may be", { differences: 2 }, "applied"],
    ["one more than there may be", { differences: 1 }, "over"],
    ["none allowed", { differences: 0 }, "over"],
    ["as much as there may be", { differences: 2, amount: 459 }, "applied"],
    ["one cent more than there may be", { differences: 2, amount: 458 }, "over"],
  ])("repairs all or nothing: %s", async (_, atMost, status) => {
    const { auto, calls } = await repairWorld();

    const done = await auto({ atMost });

    expect(done.status).toBe(status);
    expect(calls).toHaveLength(status === "applied" ? 2 : 0);
  });

  it("says how much is open and how much may be", async () => {
    const { auto } = await repairWorld();

    expect(await auto({ atMost: { differences: 1 } })).toMatchObject({
      message: expect.stringMatching(
        /^2 differences are open that could be repaired, and 1 may be at most: nothing was repaired by itself; bus reconcile plan banks/,
      ),
    });
    expect(await auto({ atMost: { differences: 9, amount: 458 } })).toMatchObject({
      message: expect.stringContaining("come to 459, and 458 may be at most"),
    });
  });

  it("counts what was repaired and is not gone yet, so that never more than allowed is under repair", async () => {
    const { auto, behaves, books, later, calls } = await repairWorld({ wrong: ["transfer-7"] });
    behaves(() => undefined);
    await auto({ atMost: { differences: 1 } });
    books.left = [
      ...books.left,
      { key: "new", timeMs: (books.left.at(-1)?.timeMs ?? 0) + 2 * hourMs, fields: { cents: 1 } },
    ];
    await later();

    expect(await auto({ atMost: { differences: 1 } })).toMatchObject({ status: "over" });
    expect(calls).toHaveLength(1);
  });

  it("repairs nothing of unknown amount under a ceiling of amounts", async () => {
    const { auto, repairer, calls } = await repairWorld();
    Object.assign(repairer, { amountOf: () => undefined });

    expect(await auto({ atMost: { differences: 9, amount: 1_000_000 } })).toMatchObject({
      status: "over",
      message: expect.stringContaining("the amounts of 2 differences are not known"),
    });
    expect(await auto({ atMost: { differences: 9 } })).toMatchObject({ status: "applied" });
    expect(calls).toHaveLength(2);
  });

  it("stops for good at a difference that was repaired twice and is there still", async () => {
    const { auto, behaves, later, calls, audit, mend } = await repairWorld();
    behaves((difference) => {
      if (difference.key !== "transfer-7") mend(difference);
    });
    await auto();
    await later();
    await auto();
    expect(calls.filter(({ key }) => key === "transfer-7")).toHaveLength(2);
    await later();

    const third = await auto();
    expect(third).toMatchObject({
      status: "applied",
      applied: { results: [{ outcome: "exhausted" }], stopped: { key: "transfer-7" } },
    });
    await later();
    expect(await auto()).toMatchObject({
      status: "stopped",
      message: expect.stringMatching(
        /^"transfer-7" was repaired 2 times and differs still \(left has it .* resumes it \(bus reconcile resume banks\)$/,
      ),
    });
    expect(calls.filter(({ key }) => key === "transfer-7")).toHaveLength(2);
    expect((await audit())[0]).toMatchObject({ what: "stopped" });
  });

  it("repairs nothing else once it is stopped, and all again once a person has resumed it", async () => {
    const { auto, behaves, books, later, calls, mend, repairs, clock } = await repairWorld({
      wrong: ["transfer-7"],
    });
    behaves(() => undefined);
    for (let run = 0; run < 3; run++) {
      await auto();
      await later();
    }
    books.left = [...books.left, { key: "new", timeMs: clock.nowMs() - 1, fields: { cents: 1 } }];
    await later();
    expect(await auto()).toMatchObject({ status: "stopped" });
    expect(calls).toHaveLength(2);

    behaves(mend);
    await repairs.resume("banks", { atMs: clock.nowMs(), by: "anna" });
    expect(await auto()).toMatchObject({
      applied: { results: [{ outcome: "repaired" }, { outcome: "repaired" }] },
    });
  });

  it("counts anew when a difference was gone and has come back", async () => {
    const world = await repairWorld({ wrong: ["transfer-7"] });
    const { auto, books, run, later, calls } = world;
    for (let time = 0; time < 4; time++) {
      expect(await auto()).toMatchObject({ applied: { results: [{ outcome: "repaired" }] } });
      expect(await later()).toMatchObject({ verdict: "agree" });
      books.right = drop(books.right, "transfer-7");
      // Only a new comparison of its hour finds it again.
      await rewind();
      await run();
    }
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);

    async function rewind() {
      const { store, clock } = world;
      await store.begin("banks", "test", Number.MAX_SAFE_INTEGER);
      const from = Math.min(...books.left.map(({ timeMs }) => timeMs));
      const progress = {
        v: 1,
        comparedToMs: from - (from % hourMs),
        lastLookToMs: from,
        unknown: [],
      } as const;
      await store.save("banks", "test", progress, clock.nowMs());
    }
  });

  it("stops after five that fail, also when a process dies with each", async () => {
    const { auto, behaves, later, calls } = await repairWorld({ wrong: ["transfer-7"] });
    behaves(() => Promise.reject(new Error("no connection")));
    for (let run = 0; run < 7; run++) {
      await auto();
      await later();
    }

    expect(calls).toHaveLength(5);
    expect(await auto()).toMatchObject({
      status: "stopped",
      message: expect.stringContaining("was tried to be repaired 5 times"),
    });
  });

  it("has one of five who run at once repair each", async () => {
    const { auto, calls } = await repairWorld();

    await Promise.all([auto(), auto(), auto(), auto(), auto()]);

    expect(calls.map(({ key }) => key).sort()).toEqual(["transfer-20", "transfer-7"]);
  });
});
