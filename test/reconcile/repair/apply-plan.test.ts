import { describe, expect, it } from "@jest/globals";
import {
  applyPlan,
  type Difference,
  type LedgerSource,
  type RepairPlan,
  type RepairStore,
} from "../../../src/reconcile/index.ts";
import { hourMs } from "../books.ts";
import { drop, mortal } from "../two-books.ts";
import { repairWorld } from "./repair-world.ts";

describe("applyPlan", () => {
  it("repairs each item, and writes down who, when, what was before and after", async () => {
    const { plan, apply, calls, audit, run, clock } = await repairWorld();
    const made = await plan();

    const applied = await apply(made);

    expect(applied).toMatchObject({ next: undefined, counts: { repaired: 2 } });
    expect(calls.map(({ key, attempt, by }) => ({ key, attempt, by }))).toEqual([
      { key: "transfer-7", attempt: 1, by: "anna" },
      { key: "transfer-20", attempt: 1, by: "anna" },
    ]);
    expect(await audit()).toMatchObject([
      { what: "repair", key: "transfer-20", outcome: "repaired" },
      {
        what: "repair",
        at: new Date(clock.nowMs()).toISOString(),
        by: "anna",
        plan: made.id,
        key: "transfer-7",
        class: "missing-right",
        how: { do: "call" },
        outcome: "repaired",
        before: { class: "missing-right", left: [{ key: "transfer-7" }], right: [] },
        after: null,
      },
    ]);
    expect(await run()).toMatchObject({ verdict: "agree", resolved: 2 });
  });

  it("gives the repair a key that stays while the difference does, and changes with it", async () => {
    const { plan, apply, calls, behaves, books, later, clock } = await repairWorld({ wrong: ["transfer-7"] });
    behaves(() => {
      throw new Error("no connection");
    });
    await apply(await plan());
    await later();
    await apply(await plan());
    books.right = [
      ...books.right,
      { key: "transfer-7", timeMs: clock.nowMs() - 9 * hourMs, fields: { cents: 3 } },
    ];
    await later();
    await apply(await plan());

    const [first, second, third] = calls.map(({ effectKey }) => effectKey);
    expect(first).toMatch(/^[\da-f]{32}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("does nothing in a dry run but look", async () => {
    const { plan, apply, calls, audit, mend } = await repairWorld();
    const made = await plan();
    mend({ key: "transfer-20", left: [] } as unknown as Difference);

    expect((await apply(made, { dryRun: true })).counts).toEqual({ would: 2 });
    expect(calls).toEqual([]);
    expect(await audit()).toEqual([]);
  });

  it("leaves alone what is gone, what has changed and what is too young", async () => {
    const { plan, apply, calls, books, clock } = await repairWorld({
      wrong: ["transfer-7", "transfer-20", "transfer-30"],
    });
    const made = await plan();
    const [gone] = books.left.filter(({ key }) => key === "transfer-7");
    books.right = [
      ...books.right,
      ...(gone ? [gone] : []),
      { key: "transfer-20", timeMs: clock.nowMs() - 5 * hourMs, fields: { cents: 1 } },
      { key: "transfer-30", timeMs: clock.nowMs() - hourMs + 1, fields: { cents: 1 } },
    ];

    expect((await apply(made)).results).toEqual([
      { key: "transfer-7", outcome: "gone" },
      { key: "transfer-20", outcome: "changed" },
      { key: "transfer-30", outcome: "young" },
    ]);
    expect(calls).toEqual([]);
  });

  it("counts a settle time to the millisecond", async () => {
    const { plan, apply, books, clock } = await repairWorld({ wrong: [] });
    books.left = [...books.left, { key: "fresh", timeMs: clock.nowMs() - hourMs, fields: {} }];
    const item = {
      key: "fresh",
      class: "missing-right" as const,
      time: new Date(clock.nowMs() - hourMs).toISOString(),
      firstSeen: new Date(clock.nowMs()).toISOString(),
      content: "",
      why: "",
      how: { do: "call" as const },
    };
    const made: RepairPlan = { ...(await plan()), items: [item] };

    expect((await apply(made)).counts).toEqual({ young: 1 });
    await clock.advance(1);
    expect((await apply(made)).counts).toEqual({ changed: 1 });
  });

  it("repairs nothing whose records may have expired", async () => {
    const { plan, apply, job, calls } = await repairWorld();

    const applied = await apply(await plan(), { job: { ...job, keepMs: 24 * hourMs } });

    expect(applied.counts).toEqual({ expired: 2 });
    expect(calls).toEqual([]);
  });

  it("repairs nothing that a side cannot be asked about", async () => {
    const { plan, apply, job, calls } = await repairWorld();
    const right: LedgerSource = { ...job.right, lookup: () => Promise.reject(new Error("throttled")) };

    const { results } = await apply(await plan(), { job: { ...job, right } });

    expect(results).toMatchObject([
      { outcome: "unknown", message: expect.stringContaining("throttled") },
      { outcome: "unknown" },
    ]);
    expect(calls).toEqual([]);
  });

  it("tells people's items as they are", async () => {
    const { plan, apply } = await repairWorld({ wrong: ["transfer-7"] });
    const made = await plan();
    const tell = {
      ...made,
      items: made.items.map((item) => ({ ...item, how: { do: "tell" as const, look: "both" } })),
    };

    expect((await apply(tell)).results).toEqual([{ key: "transfer-7", outcome: "tell", message: "both" }]);
  });
});

describe("applyPlan with a repair that does not keep its word", () => {
  it("goes on after one that throws, and tells what it said", async () => {
    const { plan, apply, behaves, mend, audit } = await repairWorld();
    behaves((difference) => {
      if (difference.key === "transfer-7") throw new TypeError("no such account");
      mend(difference);
    });

    expect((await apply(await plan())).results).toEqual([
      { key: "transfer-7", outcome: "failed", message: "TypeError: no such account" },
      { key: "transfer-20", outcome: "repaired" },
    ]);
    expect((await audit())[1]).toMatchObject({ outcome: "failed", after: { class: "missing-right" } });
  });

  it("believes the look-up rather than one that throws after it has done it", async () => {
    const { plan, apply, behaves, mend } = await repairWorld({ wrong: ["transfer-7"] });
    behaves((difference) => {
      mend(difference);
      throw new Error("the answer was lost");
    });

    expect((await apply(await plan())).results).toEqual([
      { key: "transfer-7", outcome: "repaired", message: "Error: the answer was lost" },
    ]);
  });

  it("waits half a minute for one that hangs, tells it to end, and goes on", async () => {
    const { plan, apply, behaves, mend, clock } = await repairWorld();
    const startedMs = clock.nowMs();
    let signal: AbortSignal | undefined;
    behaves((difference, context) => {
      if (difference.key !== "transfer-7") return mend(difference);
      signal = context.signal;
      return new Promise(() => undefined);
    });

    const { results } = await apply(await plan());

    expect(results).toEqual([
      { key: "transfer-7", outcome: "failed", message: "it did not end within 30000 ms" },
      { key: "transfer-20", outcome: "repaired" },
    ]);
    expect(signal?.aborted).toBe(true);
    expect(clock.nowMs() - startedMs).toBe(30_000);
  });

  it("finds out one that claims to have repaired and has not, or has made it worse", async () => {
    const { plan, apply, behaves, books, audit } = await repairWorld();
    behaves(({ key }) => {
      if (key === "transfer-20") books.right = [...books.right, { key, timeMs: 5, fields: { cents: 1 } }];
    });

    expect((await apply(await plan())).counts).toEqual({ unchanged: 2 });
    expect(await audit()).toMatchObject([
      { key: "transfer-20", outcome: "unchanged", after: { class: "mismatch" } },
      { key: "transfer-7", outcome: "unchanged", after: { class: "missing-right" } },
    ]);
  });

  it("does not say repaired when a side cannot be asked afterwards", async () => {
    const { plan, apply, job, audit } = await repairWorld({ wrong: ["transfer-7"] });
    let asked = 0;
    const right: LedgerSource = {
      ...job.right,
      lookup: (keys) => (asked++ === 0 ? job.right.lookup(keys) : Promise.reject(new Error("throttled"))),
    };

    expect((await apply(await plan(), { job: { ...job, right } })).counts).toEqual({ unseen: 1 });
    expect((await audit())[0]).not.toHaveProperty("after");
  });

  it("says what the deployed function cannot do", async () => {
    const { plan, apply, repairer } = await repairWorld({ wrong: ["transfer-7"] });
    const { call: _, ...without } = repairer;

    const { results } = await apply(await plan(), { repairer: without });

    expect(results).toMatchObject([
      { outcome: "failed", message: expect.stringContaining("nothing to call with") },
    ]);
  });
});

describe("applyPlan, more than once", () => {
  it("repairs nothing a second time", async () => {
    const { plan, apply, calls, behaves } = await repairWorld();
    behaves(() => undefined);
    const made = await plan();
    await apply(made);

    expect((await apply(made)).counts).toEqual({ done: 2 });
    expect(calls).toHaveLength(2);
  });

  it("tries again what has failed, with the same plan", async () => {
    const { plan, apply, calls, behaves, mend } = await repairWorld({ wrong: ["transfer-7"] });
    behaves(() => Promise.reject(new Error("no connection")));
    const made = await plan();
    await apply(made);
    behaves(mend);

    expect((await apply(made)).counts).toEqual({ repaired: 1 });
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("lets what was repaired just now settle before it is repaired by another plan", async () => {
    const { plan, apply, clock, behaves } = await repairWorld({ wrong: ["transfer-7"] });
    behaves(() => undefined);
    await apply(await plan());
    await clock.advance(hourMs - 1);

    expect((await apply(await plan())).counts).toEqual({ waits: 1 });
    await clock.advance(1);
    expect((await apply(await plan())).counts).toEqual({ unchanged: 1 });
  });

  it("repairs each once when two people apply it at once", async () => {
    const { plan, options, calls, behaves, mend, clock } = await repairWorld();
    behaves(async (difference) => {
      await new Promise<void>((resolve) => void clock.after(100, resolve));
      mend(difference);
    });
    const made = await plan();

    const all = await clock.until(
      Promise.all(["anna", "bert"].map((by) => applyPlan(made, { ...options, by }))),
    );

    expect(calls.map(({ key }) => key).sort()).toEqual(["transfer-20", "transfer-7"]);
    const outcomes = all.flatMap(({ results }) => results.map(({ outcome }) => outcome));
    expect(outcomes.filter((outcome) => outcome === "repaired")).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome === "held" || outcome === "gone")).toHaveLength(2);
  });

  it("stops in time, says where, and goes on from there", async () => {
    const { plan, apply, behaves, mend, clock } = await repairWorld({
      wrong: ["transfer-1", "transfer-2", "transfer-3", "transfer-4"],
    });
    behaves(async (difference) => {
      await new Promise<void>((resolve) => void clock.after(4_000, resolve));
      mend(difference);
    });
    const made = await plan();

    const first = await apply(made, { untilMs: clock.nowMs() + 12_000 });
    expect(first).toMatchObject({ next: 2, counts: { repaired: 2 } });
    const second = await apply(made, { from: 2 });
    expect(second).toMatchObject({ next: undefined, counts: { repaired: 2 } });
  });

  it.each([false, true])(
    "ends as one clean application does, wherever it is killed (answer lost: %s)",
    async (after) => {
      let kills = 0;
      for (let wasKilled = true; wasKilled; kills++) {
        const { plan, options, apply, calls, repairs, repairer, audit, later, clock } = await repairWorld();
        const made = await plan();
        const life = mortal(
          { ...repairs, call: repairer.call as NonNullable<typeof repairer.call> },
          kills,
          after,
        );
        const dying: RepairStore = life.port;
        void applyPlan(made, { ...options, repairs: dying, repairer: { ...repairer, call: life.port.call } });
        await clock.advance(61_000);
        wasKilled = life.calls() > kills;

        await apply(made);
        await apply(made);

        expect(await later()).toMatchObject({ verdict: "agree" });
        // A repair that has happened is seen by the look-up; the call is made again only where it may not have been.
        expect(calls.filter(({ key }) => key === "transfer-7").length).toBeLessThanOrEqual(1);
        expect(calls.filter(({ key }) => key === "transfer-20").length).toBeLessThanOrEqual(1);
        const ends = (await audit()).filter(
          (entry) => entry.what === "repair" && entry.outcome === "repaired",
        );
        expect({ kills, ends: ends.length }).toEqual({ kills, ends: 2 });
      }
      expect(kills).toBeGreaterThan(8);
    },
  );

  it("ends the same with five at once, one of whom is killed anywhere", async () => {
    for (let dies = 0; dies < 9; dies++) {
      const { plan, options, apply, calls, repairs, later, clock } = await repairWorld();
      const made = await plan();
      const life = mortal(repairs, dies, dies % 2 === 0);
      void applyPlan(made, { ...options, repairs: life.port });
      const others = [1, 2, 3, 4].map(() => applyPlan(made, options));
      await clock.until(Promise.all(others));
      await clock.advance(61_000);

      await apply(made);

      expect(new Set(calls.map(({ key }) => key)).size).toBe(2);
      expect(calls).toHaveLength(2);
      expect(await later()).toMatchObject({ verdict: "agree" });
    }
  });
});

describe("applyPlan with events to send", () => {
  /** A plan whose items are events of one consumer, or of two in turn. */
  async function sending(consumers: readonly string[] = ["Points"]) {
    const wrong = Array.from({ length: 25 }, (_, index) => `transfer-${index}`);
    const world = await repairWorld({ wrong });
    const made = await world.plan();
    const items = made.items.map((item, index) => ({
      ...item,
      how: {
        do: "send" as const,
        consumer: consumers[index % consumers.length] ?? "",
        offsets: [`2026-01-01-01-00/0/${index}`],
      },
    }));
    const sent: { consumer: string; keys: string[] }[] = [];
    const repairer = {
      ...world.repairer,
      send: async (some: readonly { consumer: string; difference: Difference }[]) => {
        sent.push({
          consumer: [...new Set(some.map(({ consumer }) => consumer))].join(),
          keys: some.map(({ difference }) => difference.key),
        });
      },
    };
    return { ...world, made: { ...made, items }, sent, repairer };
  }

  it("sends ten at once, to one consumer each time, and says they are on their way", async () => {
    const { made, apply, repairer, sent, audit } = await sending();

    expect((await apply(made, { repairer })).counts).toEqual({ sent: 25 });
    expect(sent.map(({ keys }) => keys.length)).toEqual([10, 10, 5]);
    expect((await audit())[0]).toMatchObject({ outcome: "sent" });
    expect((await audit())[0]).not.toHaveProperty("after");
  });

  it("never mixes consumers", async () => {
    const { made, apply, repairer, sent } = await sending(["Points", "Points", "Stock"]);

    await apply(made, { repairer });

    expect(sent.every(({ consumer }) => !consumer.includes(","))).toBe(true);
    expect(sent.flatMap(({ keys }) => keys)).toHaveLength(25);
  });

  it("has failed with all of a batch when one cannot be sent, and tries all of it again", async () => {
    const { made, apply, repairer, sent } = await sending();
    const failing = { ...repairer, send: () => Promise.reject(new Error("no such queue")) };

    expect((await apply(made, { repairer: failing })).counts).toEqual({ failed: 25 });
    expect((await apply(made, { repairer })).counts).toEqual({ sent: 25 });
    expect(sent.flatMap(({ keys }) => keys)).toHaveLength(25);
  });

  it("does not send what has arrived meanwhile", async () => {
    const { made, apply, repairer, sent, books } = await sending();
    books.right = drop(books.left, "transfer-3");

    expect((await apply(made, { repairer })).counts).toEqual({ gone: 24, sent: 1 });
    expect(sent).toEqual([{ consumer: "Points", keys: ["transfer-3"] }]);
  });
});
