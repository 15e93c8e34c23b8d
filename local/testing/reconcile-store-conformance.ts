import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { Difference, OpenDifference, Progress, ReconcileStore } from "../../src/reconcile/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

const leaseMs = 60_000;

/**
 * What every `ReconcileStore` must do. `make` gives one that reads its time from the clock it is handed; jobs of this run
 * are never used twice, so one table will do for all.
 */
export function reconcileStoreConformance(
  make: (clock: VirtualClock) => Promise<ReconcileStore> | ReconcileStore,
  /** Makes the jobs' names this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let jobs = 0;
  const world = async () => {
    const clock = virtualClock();
    const store = await make(clock);
    const job = `conformance-${run}-${jobs++}`;
    const begin = (owner: string, ms = leaseMs) => store.begin(job, owner, clock.nowMs() + ms);
    const all = async () => {
      const open: OpenDifference[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list(job, cursor);
        open.push(...page.open);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return open.sort((one, other) => (one.difference.key < other.difference.key ? -1 : 1));
    };
    return { clock, store, job, begin, all };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check("gives a job to one owner, and remembers nothing of a new one", async () => {
      const { begin } = await world();

      assert.deepEqual(await begin("one"), { status: "ours", progress: undefined });
      assert.equal((await begin("other")).status, "held");
    }),

    check("tells who comes too soon when the lease ends", async () => {
      const { begin, clock } = await world();
      await begin("one");

      assert.deepEqual(await begin("other"), { status: "held", untilMs: clock.nowMs() + leaseMs });
    }),

    check("gives a job to one of many who ask at once", async () => {
      const { begin } = await world();

      const answers = await Promise.all(["a", "b", "c", "d", "e"].map((owner) => begin(owner)));

      assert.equal(answers.filter(({ status }) => status === "ours").length, 1);
    }),

    check("gives a job to the same owner again", async () => {
      const { begin } = await world();
      await begin("one");

      assert.equal((await begin("one")).status, "ours");
    }),

    check("gives a job to another once its lease has ended, with what was remembered", async () => {
      const { begin, clock, store, job } = await world();
      await begin("one");
      await store.save(job, "one", progress(7), clock.nowMs() + leaseMs);
      await clock.advance(leaseMs);

      assert.deepEqual(await begin("other"), { status: "ours", progress: progress(7) });
    }),

    check("keeps the lease by saving", async () => {
      const { begin, clock, store, job } = await world();
      await begin("one");
      await clock.advance(leaseMs - 1);
      assert.equal(await store.save(job, "one", progress(1), clock.nowMs() + leaseMs), true);
      await clock.advance(leaseMs - 1);

      assert.equal((await begin("other")).status, "held");
    }),

    check("gives a job to the next when it was given back", async () => {
      const { begin, clock, store, job } = await world();
      await begin("one");
      await store.save(job, "one", progress(3), clock.nowMs() + leaseMs);
      await store.end(job, "one");

      assert.deepEqual(await begin("other"), { status: "ours", progress: progress(3) });
    }),

    check("writes nothing for an owner who has lost the lease, and says so", async () => {
      const { begin, clock, store, job, all } = await world();
      await begin("one");
      await store.open(job, "one", [open("kept")]);
      await clock.advance(leaseMs);
      await begin("other");

      assert.equal(await store.save(job, "one", progress(9), clock.nowMs() + leaseMs), false);
      assert.equal(await store.open(job, "one", [open("stray")]), false);
      assert.equal(await store.close(job, "one", ["kept"]), false);
      await store.end(job, "one");
      assert.deepEqual(
        (await all()).map(({ difference }) => difference.key),
        ["kept"],
      );
      assert.equal((await begin("third")).status, "held");
      assert.deepEqual(await begin("other"), { status: "ours", progress: undefined });
    }),

    check("writes nothing for an owner who has given the job back", async () => {
      const { begin, clock, store, job, all } = await world();
      await begin("one");
      await store.end(job, "one");

      assert.equal(await store.save(job, "one", progress(9), clock.nowMs() + leaseMs), false);
      assert.equal(await store.open(job, "one", [open("stray")]), false);
      assert.deepEqual(await all(), []);
    }),

    check("keeps when a difference was first seen, and takes what it is now", async () => {
      const { begin, store, job, all } = await world();
      await begin("one");
      await store.open(job, "one", [open("a", { firstSeenMs: 5, lastSeenMs: 5 })]);
      const later = open("a", { firstSeenMs: 9, lastSeenMs: 9, as: "mismatch" });
      await store.open(job, "one", [later]);
      await store.open(job, "one", [later]);

      assert.deepEqual(await all(), [{ ...later, firstSeenMs: 5 }]);
    }),

    check("forgets differences that are gone, and does not mind those that are gone already", async () => {
      const { begin, store, job, all } = await world();
      await begin("one");
      await store.open(job, "one", [open("a"), open("b")]);

      assert.equal(await store.close(job, "one", ["a", "never"]), true);
      assert.equal(await store.close(job, "one", ["a"]), true);
      assert.deepEqual(
        (await all()).map(({ difference }) => difference.key),
        ["b"],
      );
      await store.open(job, "one", [open("a", { firstSeenMs: 77, lastSeenMs: 77 })]);
      assert.equal((await all())[0]?.firstSeenMs, 77);
    }),

    check("lists many, each once, with all that is said about them", async () => {
      const { begin, store, job, all } = await world();
      await begin("one");
      const many = Array.from({ length: 230 }, (_, index) => open(`key-${String(index).padStart(3, "0")}`));
      for (let at = 0; at < many.length; at += 100) {
        assert.equal(await store.open(job, "one", many.slice(at, at + 100)), true);
      }

      assert.deepEqual(await all(), many);
    }),

    check("takes keys of any length and any characters, and the same key twice in one call", async () => {
      const { begin, store, job, all } = await world();
      await begin("one");
      const keys = ["", "#", "a".repeat(5_000), "\u{1F4B6}", "state"];

      assert.equal(
        await store.open(
          job,
          "one",
          [...keys, ...keys].map((key) => open(key)),
        ),
        true,
      );
      assert.deepEqual(new Set((await all()).map(({ difference }) => difference.key)), new Set(keys));
      assert.equal(await store.close(job, "one", [...keys, ...keys]), true);
      assert.deepEqual(await all(), []);
    }),

    check("finds open differences by their keys, in the order asked", async () => {
      const { begin, store, job } = await world();
      await begin("one");
      await store.open(job, "one", [open("a", { firstSeenMs: 5 }), open("b")]);

      const found = await store.find(job, ["b", "never", "a", "b"]);

      assert.deepEqual(found, [open("b"), undefined, open("a", { firstSeenMs: 5 }), open("b")]);
      assert.deepEqual(await store.find(job, []), []);
    }),

    check("tells of each side of a difference no more than fifty entries", async () => {
      const { begin, store, job } = await world();
      await begin("one");
      const one = open("a");
      const right = Array.from({ length: 60 }, () => one.difference.right).flat();
      await store.open(job, "one", [{ ...one, difference: { ...one.difference, right } }]);

      const [found] = await store.find(job, ["a"]);

      assert.deepEqual(found?.difference.right, right.slice(0, 50));
    }),

    check("tells anybody what is remembered of jobs, and who holds them until when", async () => {
      const { begin, clock, store, job } = await world();
      await begin("one");
      await store.begin(`${job}-2`, "other", clock.nowMs() + 1);
      await store.save(`${job}-2`, "other", progress(4), clock.nowMs() + 2);
      await store.end(`${job}-2`, "other");

      const found = await store.read([job, `${job}-none`, `${job}-2`, job]);

      const held = { progress: undefined, heldUntilMs: clock.nowMs() + leaseMs };
      const none = { progress: undefined, heldUntilMs: undefined };
      assert.deepEqual(found, [held, none, { progress: progress(4), heldUntilMs: undefined }, held]);
    }),

    check("reads more jobs than a call takes", async () => {
      const { begin, clock, store, job } = await world();
      await begin("one");
      await store.save(job, "one", progress(4), clock.nowMs() + leaseMs);
      const names = Array.from({ length: 130 }, (_, index) => `${job}-none-${index}`);

      const found = await store.read([...names, job]);

      assert.equal(found.length, 131);
      assert.deepEqual(found.at(-1)?.progress, progress(4));
    }),

    check("writes the differences of a job down for who holds a part of it, and only then", async () => {
      const { begin, clock, store, job, all } = await world();
      const part = `${job}/fan/0`;
      await begin("coordinator");
      await store.begin(part, "worker", clock.nowMs() + leaseMs);

      assert.equal(await store.open(job, "worker", [open("stray")]), false);
      assert.equal(await store.open(job, "coordinator", [open("stray")], part), false);
      assert.equal(await store.open(job, "worker", [open("a", { firstSeenMs: 5 })], part), true);
      await clock.advance(leaseMs);
      await store.begin(part, "next", clock.nowMs() + leaseMs);
      assert.equal(await store.open(job, "worker", [open("stray")], part), false);
      assert.equal(await store.open(job, "next", [open("a", { firstSeenMs: 9 })], part), true);
      assert.deepEqual(await all(), [open("a", { firstSeenMs: 5 })]);
    }),

    check("forgets jobs that are over, and lets nobody write who held them", async () => {
      const { begin, clock, store, job } = await world();
      await begin("one");
      await store.save(job, "one", progress(4), clock.nowMs() + leaseMs);

      await store.forget([job, `${job}-none`]);

      assert.equal(await store.save(job, "one", progress(5), clock.nowMs() + leaseMs), false);
      assert.deepEqual(await store.read([job]), [{ progress: undefined, heldUntilMs: undefined }]);
      assert.deepEqual(await begin("other"), { status: "ours", progress: undefined });
    }),

    check("keeps jobs apart", async () => {
      const { begin, store, job, all } = await world();
      await begin("one");
      await store.open(job, "one", [open("a")]);

      assert.equal((await store.begin(`${job}-2`, "other", Number.MAX_SAFE_INTEGER)).status, "ours");
      assert.deepEqual(await store.list(`${job}-2`), { open: [], cursor: undefined });
      assert.equal((await all()).length, 1);
    }),
  ];
}

function progress(comparedToMs: number): Progress {
  return { v: 1, comparedToMs, lastLookToMs: 0, unknown: [{ fromMs: 1, toMs: 2 }] };
}

function open(
  key: string,
  {
    firstSeenMs = 1,
    lastSeenMs = 1,
    as = "missing-left",
  }: { firstSeenMs?: number; lastSeenMs?: number; as?: Difference["class"] } = {},
): OpenDifference {
  const entry = { key, timeMs: 3, fields: { cents: 5, account: null, open: true, note: "Zo\u00eb" } };
  return {
    difference: { key, class: as, timeMs: 3, fields: [], left: [], right: [entry] },
    firstSeenMs,
    lastSeenMs,
  };
}
