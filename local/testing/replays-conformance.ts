import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { ReplayJob, ReplayStore } from "../../src/replay/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

const leaseMs = 30_000;

/**
 * What every `ReplayStore` must do. `make` gives one that reads its time from the clock it is handed; replays of this run are never
 * used twice, so one table will do for all.
 */
export function replaysConformance(
  make: (clock: VirtualClock) => Promise<ReplayStore> | ReplayStore,
  /** Makes the replays' ids this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let made = 0;
  const world = async () => {
    const clock = virtualClock();
    const store = await make(clock);
    const id = `conformance-${run}-${String(made++).padStart(4, "0")}`;
    const job = replayJob(id);
    await store.create(job);
    const begin = (owner: string) => store.begin(id, owner, clock.nowMs() + leaseMs);
    const save = (owner: string, change: Partial<ReplayJob> = {}) =>
      store.save({ ...job, ...change }, owner, clock.nowMs() + leaseMs);
    const found = async () => (await store.list()).find((one) => one.job.id === id);
    return { clock, store, id, job, begin, save, found };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check("refuses a second replay of one id", async () => {
      const { store, job, found } = await world();

      await assert.rejects(store.create({ ...job, consumer: "Other" }), { code: "replay-exists" });
      assert.deepEqual((await found())?.job, job);
    }),

    check("gives a replay to one of many who ask at once, as it was written", async () => {
      const { begin, job } = await world();

      const answers = await Promise.all(["a", "b", "c", "d", "e"].map(begin));

      const ours = answers.filter(({ status }) => status === "ours");
      assert.deepEqual(ours, [{ status: "ours", job }]);
      assert.equal(answers.filter(({ status }) => status === "held").length, 4);
    }),

    check("tells who comes too soon when the lease ends, and gives it to them then", async () => {
      const { begin, clock } = await world();
      await begin("one");

      assert.deepEqual(await begin("other"), { status: "held", untilMs: clock.nowMs() + leaseMs });
      await clock.advance(leaseMs);
      assert.equal((await begin("other")).status, "ours");
    }),

    check("gives a replay to the same owner again", async () => {
      const { begin } = await world();
      await begin("one");

      assert.equal((await begin("one")).status, "ours");
    }),

    check("keeps what is saved, and the lease by it", async () => {
      const { begin, save, clock, found } = await world();
      await begin("one");
      await clock.advance(leaseMs - 1);
      assert.equal(await save("one", { counts: { sent: 7, skipped: 1, refused: 0 } }), "saved");
      await clock.advance(leaseMs - 1);

      assert.equal((await begin("other")).status, "held");
      assert.deepEqual((await found())?.job.counts, { sent: 7, skipped: 1, refused: 0 });
      assert.equal((await found())?.heldUntilMs, clock.nowMs() + 1);
    }),

    check("writes nothing for an owner who has lost it, and says so", async () => {
      const { begin, save, store, job, clock, found } = await world();
      await begin("one");
      await clock.advance(leaseMs);
      await begin("other");

      assert.equal(await save("one", { state: "running" }), "lost");
      await store.end({ ...job, state: "done" }, "one");
      assert.deepEqual((await found())?.job, job);
      assert.equal((await begin("third")).status, "held");
    }),

    check("gives a replay to the next when it was ended", async () => {
      const { begin, save, store, job, found } = await world();
      await begin("one");
      await store.end({ ...job, problems: ["p"] }, "one");

      assert.equal((await found())?.heldUntilMs, 0);
      assert.equal(await save("one"), "lost");
      assert.deepEqual(await begin("other"), { status: "ours", job: { ...job, problems: ["p"] } });
    }),

    check("cancels a replay that runs: its owner hears of it, and nobody begins it again", async () => {
      const { begin, save, store, job, id, found } = await world();
      await begin("one");

      assert.equal(await store.cancel(id), true);
      assert.equal((await found())?.job.state, "cancelled");
      assert.equal(await save("one"), "cancelled");
      await store.end({ ...job, state: "stopped" }, "one");
      assert.deepEqual(await begin("other"), { status: "cancelled" });
      assert.equal((await found())?.job.state, "cancelled");
      assert.equal((await found())?.heldUntilMs, 0);
    }),

    check("cancels nothing that is done or not there", async () => {
      const { begin, store, job, id, found } = await world();
      await begin("one");
      await store.end({ ...job, state: "done" }, "one");

      assert.equal(await store.cancel(id), false);
      assert.equal(await store.cancel(`${id}-none`), false);
      assert.equal((await found())?.job.state, "done");
      assert.deepEqual(await store.begin(`${id}-none`, "one", 1), { status: "unknown" });
    }),

    check("finds one by its id, and nothing where there is none", async () => {
      const { store, job, id, begin, clock } = await world();
      await begin("one");

      assert.deepEqual(await store.find(id), { job, heldUntilMs: clock.nowMs() + leaseMs });
      assert.equal(await store.find(`${id}-none`), undefined);
    }),

    check("keeps the parts of a replay for themselves, in their order", async () => {
      const { store, id, job, clock } = await world();
      const parts = store.parts(id);
      for (const nth of ["0000", "0001"]) await parts.create({ ...job, id: `${id}/${nth}`, of: id });

      const begun = await parts.begin(`${id}/0001`, "one", clock.nowMs() + leaseMs);
      await store.cancel(id);

      assert.equal(begun.status, "ours");
      assert.deepEqual(
        (await store.parts(id).list()).map(({ job, heldUntilMs }) => [job.id, job.state, heldUntilMs > 0]),
        [
          [`${id}/0001`, "stopped", true],
          [`${id}/0000`, "stopped", false],
        ],
      );
      assert.equal(await store.find(`${id}/0000`), undefined);
      assert.deepEqual(await store.parts(`${id}-none`).list(), []);
    }),

    check("lists the newest first", async () => {
      const { store, id } = await world();
      const later = `${id}-later`;
      await store.create(replayJob(later));

      const ids = (await store.list()).map(({ job }) => job.id).filter((one) => one.startsWith(id));
      assert.deepEqual(ids, [later, id]);
    }),
  ];
}

function replayJob(id: string): ReplayJob {
  return {
    v: 1,
    id,
    bus: "shop",
    consumer: "Points",
    queue: "shop-Points",
    fifo: false,
    again: true,
    perSecond: 50,
    selection: { fromMs: 1, type: ["order.created"], filters: { orders: { type: ["order.created"] } } },
    selected: 504,
    state: "stopped",
    cursor: { span: "2026-01-01-00-00", segment: 0, line: 3 },
    counts: { sent: 3, skipped: 0, refused: 0 },
    problems: [],
    createdMs: 1,
    updatedMs: 2,
    by: "arn:aws:iam::123456789012:user/Zoë",
  };
}
