import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { AuditEntry, Marker, RepairStore } from "../../src/reconcile/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

/**
 * What every `RepairStore` must do. `make` gives one that reads its time from the clock it is handed; jobs of this run
 * are never used twice, so one table will do for all.
 */
export function repairStoreConformance(
  make: (clock: VirtualClock) => Promise<RepairStore> | RepairStore,
  /** Makes the jobs' names this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let jobs = 0;
  const world = async () => {
    const clock = virtualClock();
    return { clock, store: await make(clock), job: `conformance-${run}-${jobs++}` };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check("knows nothing of a new job", async () => {
      const { store, job } = await world();

      assert.deepEqual(await store.markers(job, ["a", "b"]), [undefined, undefined]);
      assert.deepEqual(await store.state(job), { stopped: undefined, resumedMs: undefined });
      assert.deepEqual((await store.audit(job)).entries, []);
    }),

    check("keeps a marker, and finds it by its key, in the order asked", async () => {
      const { store, job } = await world();
      const keys = ["", "#", "k".repeat(5_000), "\u{1F4B6}", "state"];
      for (const [index, key] of keys.entries()) {
        assert.equal(await store.mark(job, key, marker({ begun: index }), 0), true);
      }

      const found = await store.markers(job, [...keys, "never"].reverse());

      assert.deepEqual(
        found.map((one) => one?.marker),
        [undefined, ...keys.map((_, index) => marker({ begun: index })).reverse()],
      );
    }),

    check("writes a marker only over what was read", async () => {
      const { store, job } = await world();

      assert.equal(await store.mark(job, "a", marker({ begun: 1 }), 1), false);
      assert.equal(await store.mark(job, "a", marker({ begun: 1 }), 0), true);
      assert.equal(await store.mark(job, "a", marker({ begun: 2 }), 0), false);
      const [first] = await store.markers(job, ["a"]);
      assert.deepEqual(first, { marker: marker({ begun: 1 }), revision: 1 });
      assert.equal(await store.mark(job, "a", marker({ begun: 2 }), 1), true);
      assert.equal(await store.mark(job, "a", marker({ begun: 3 }), 1), false);
      const [second] = await store.markers(job, ["a"]);
      assert.deepEqual(second, { marker: marker({ begun: 2 }), revision: 2 });
    }),

    check("lets one of many who write at once", async () => {
      const { store, job } = await world();

      const wrote = await Promise.all(
        [1, 2, 3, 4, 5].map((begun) => store.mark(job, "a", marker({ begun }), 0)),
      );

      assert.equal(wrote.filter(Boolean).length, 1);
      const [found] = await store.markers(job, ["a"]);
      assert.equal(found?.marker.begun, wrote.indexOf(true) + 1);
    }),

    check("writes what was done with the marker, or neither", async () => {
      const { store, job } = await world();
      await store.mark(job, "a", marker({}), 0);

      assert.equal(await store.mark(job, "a", marker({}), 5, entry(1)), false);
      assert.deepEqual((await store.audit(job)).entries, []);
      assert.equal(await store.mark(job, "a", marker({}), 1, entry(1)), true);
      assert.deepEqual((await store.audit(job)).entries, [entry(1)]);
    }),

    check("tells which repairs are begun and not ended", async () => {
      const { store, job } = await world();
      for (const key of ["a", "", "\u{1F4B6}", "b"]) await store.mark(job, key, marker({}), 0);
      await store.mark(job, "b", marker({ state: "ended" }), 1, entry(1));
      await store.mark(job, "c", marker({ state: "ended" }), 0);
      await store.mark(job, "a", marker({ begun: 2 }), 1);
      await store.mark(job, "", marker({ state: "ended" }), 7);

      assert.deepEqual(new Set(await store.begun(job)), new Set(["a", "", "\u{1F4B6}"]));
      assert.deepEqual(await store.begun(`${job}-2`), []);
    }),

    check("tells what was done, the newest first, page by page, each once", async () => {
      const { store, job } = await world();
      for (let at = 0; at < 25; at++) await store.mark(job, `key-${at}`, marker({}), 0, entry(at));

      const found: AuditEntry[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.audit(job, { limit: 10, ...(cursor === undefined ? {} : { cursor }) });
        assert.ok(page.entries.length <= 10);
        found.push(...page.entries);
        cursor = page.cursor;
      } while (cursor !== undefined);

      assert.deepEqual(found, Array.from({ length: 25 }, (_, at) => entry(at)).reverse());
    }),

    check("stays stopped by what stopped it first, until it is resumed", async () => {
      const { store, job, clock } = await world();
      const stopped = { atMs: clock.nowMs(), key: "a", message: "twice" };
      await store.stop(job, stopped);
      await store.stop(job, { atMs: clock.nowMs() + 1, key: "b", message: "later" });

      assert.deepEqual(await store.state(job), { stopped, resumedMs: undefined });
      await store.resume(job, { atMs: clock.nowMs() + 2, by: "somebody" });
      assert.deepEqual(await store.state(job), { stopped: undefined, resumedMs: clock.nowMs() + 2 });
      await store.stop(job, { atMs: clock.nowMs() + 3, key: "b", message: "again" });
      assert.equal((await store.state(job)).stopped?.message, "again");
    }),

    check("writes down who resumed, and what had stopped it", async () => {
      const { store, job, clock } = await world();
      await store.stop(job, { atMs: clock.nowMs(), key: "a", message: "twice" });
      await store.resume(job, { atMs: clock.nowMs() + 2, by: "somebody" });

      const at = (ms: number) => new Date(clock.nowMs() + ms).toISOString();
      assert.deepEqual((await store.audit(job)).entries, [
        { what: "resumed", at: at(2), by: "somebody", message: "after: twice" },
        { what: "stopped", at: at(0), by: "schedule", message: "twice" },
      ]);
    }),

    check("keeps jobs apart", async () => {
      const { store, job, clock } = await world();
      await store.mark(job, "a", marker({}), 0, entry(1));
      await store.stop(job, { atMs: clock.nowMs(), key: "a", message: "twice" });

      assert.deepEqual(await store.markers(`${job}-2`, ["a"]), [undefined]);
      assert.equal((await store.state(`${job}-2`)).stopped, undefined);
      assert.deepEqual((await store.audit(`${job}-2`)).entries, []);
    }),
  ];
}

function marker(change: Partial<Marker>): Marker {
  const one = { key: "a", timeMs: 3, fields: { cents: 5, note: "Zo\u00eb" } };
  return {
    state: "begun",
    endsMs: 10,
    content: "c",
    firstSeenMs: 1,
    plan: "p",
    begunMs: 2,
    begun: 1,
    tries: 0,
    by: "schedule",
    how: { do: "call" },
    before: { key: "a", class: "missing-right", timeMs: 3, fields: [], left: [one], right: [] },
    ...change,
  };
}

function entry(at: number): AuditEntry {
  const { by, plan, how, before } = marker({});
  return {
    what: "repair",
    at: new Date(Date.UTC(2026, 0, 1) + at).toISOString(),
    by,
    plan,
    key: `key-${at}`,
    class: before.class,
    how,
    outcome: "repaired",
    before,
    after: null,
  };
}
