import assert from "node:assert/strict";
import type { Hold, HoldStore } from "../../src/breaker/index.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { ConformanceCheck } from "./conformance.ts";

const paused: Hold = { name: "manual", sinceMs: 1_000, why: "migration", by: "arn:aws:iam::1:user/ops" };
const broken: Hold = {
  name: "breaker:payments",
  sinceMs: 2_000,
  why: "payments is down: 503",
  by: "LockStock",
  probe: { everyMs: 10_000, own: true },
};

/**
 * What every store of holds must do. `make` gives a store; consumers of this run are never used twice, so one table will
 * do for all.
 */
export function holdsConformance(
  make: () => Promise<HoldStore> | HoldStore,
  { clock = systemClock }: { clock?: Clock } = {},
): readonly ConformanceCheck[] {
  let consumers = 0;
  const run = `${clock.nowMs()}-${Math.floor(clock.random() * 1e9)}`;
  const fresh = () => `Consumer-${run}-${consumers++}`;
  const only = async (store: HoldStore, consumer: string) => {
    const [found] = await store.read([consumer]);
    assert.ok(found);
    return found;
  };

  return [
    check("knows of nothing where nothing was written", async () => {
      const consumer = fresh();

      assert.deepEqual(await only(await make(), consumer), {
        consumer,
        holds: [],
        probe: undefined,
        ramp: undefined,
      });
    }),

    check("tells all of a hold, oldest first", async () => {
      const store = await make();
      const consumer = fresh();
      assert.equal(await store.open(consumer, broken, "consumer"), "opened");
      assert.equal(await store.open(consumer, paused, "person"), "opened");

      assert.deepEqual((await only(store, consumer)).holds, [paused, broken]);
    }),

    check("leaves a hold that is open as it is", async () => {
      const store = await make();
      const consumer = fresh();
      await store.open(consumer, broken, "consumer");

      assert.equal(await store.open(consumer, { ...broken, sinceMs: 3_000 }, "consumer"), "already");
      assert.deepEqual((await only(store, consumer)).holds, [broken]);
    }),

    check("lets one of many at once open a hold", async () => {
      const store = await make();
      const consumer = fresh();

      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          store.open(consumer, { ...broken, sinceMs: index }, "consumer"),
        ),
      );

      assert.equal(answers.filter((answer) => answer === "opened").length, 1);
    }),

    check("keeps holds of several dependencies apart, whatever they are called", async () => {
      const store = await make();
      const consumer = fresh();
      const other: Hold = { ...broken, name: "breaker:stock.v2_eu-1", sinceMs: 2_500 };
      await store.open(consumer, broken, "consumer");
      await store.open(consumer, other, "consumer");

      assert.equal(await store.lift(consumer, broken, "governor"), true);
      assert.deepEqual((await only(store, consumer)).holds, [other]);
    }),

    check("lifts a breaker without touching what is paused, and begins to recover", async () => {
      const store = await make();
      const consumer = fresh();
      await store.open(consumer, paused, "person");
      await store.open(consumer, broken, "consumer");

      assert.equal(await store.lift(consumer, broken, "governor", { step: 2 }), true);
      const { holds, ramp } = await only(store, consumer);
      assert.deepEqual(holds, [paused]);
      assert.deepEqual(ramp, { step: 2 });
    }),

    check("lifts nothing that was opened later, and nothing twice", async () => {
      const store = await make();
      const consumer = fresh();
      await store.open(consumer, { ...broken, sinceMs: 9_000 }, "consumer");

      assert.equal(await store.lift(consumer, broken, "governor", { step: 2 }), false);
      assert.equal((await only(store, consumer)).ramp, undefined);
      assert.equal(await store.lift(consumer, { ...broken, sinceMs: 9_000 }, "governor"), true);
      assert.equal(await store.lift(consumer, { ...broken, sinceMs: 9_000 }, "governor"), false);
    }),

    check("lifts nothing where nothing is", async () => {
      assert.equal(await (await make()).lift(fresh(), paused, "person"), false);
    }),

    check("remembers the last probe", async () => {
      const store = await make();
      const consumer = fresh();
      const first = { atMs: 1, nextMs: 2, verdict: "down", why: "503" } as const;
      await store.noteProbe(consumer, first);
      const note = { atMs: 3, nextMs: 4, verdict: "unknown", why: "the queue is empty", tries: 3 } as const;
      await store.noteProbe(consumer, note);

      assert.deepEqual((await only(store, consumer)).probe, note);
    }),

    check("moves recovery on from where it stands alone, and ends it", async () => {
      const store = await make();
      const consumer = fresh();
      await store.open(consumer, broken, "consumer");
      await store.lift(consumer, broken, "governor", { step: 2 });

      assert.equal(await store.moveRamp(consumer, { step: 5 }, undefined), false);
      assert.equal(await store.moveRamp(consumer, { step: 2, sinceMs: 7 }, { step: 5 }), false);
      assert.equal(await store.moveRamp(consumer, { step: 2 }, { step: 2, sinceMs: 7 }), true);
      assert.equal(await store.moveRamp(consumer, { step: 2 }, { step: 5 }), false);
      assert.equal(await store.moveRamp(consumer, { step: 2, sinceMs: 7 }, { step: 5 }), true);
      assert.deepEqual((await only(store, consumer)).ramp, { step: 5 });
      assert.equal(await store.moveRamp(consumer, { step: 5 }, undefined), true);
      assert.equal((await only(store, consumer)).ramp, undefined);
      assert.equal(await store.moveRamp(consumer, { step: 5 }, { step: 10 }), false);
    }),

    check("answers for many consumers in their order, each for itself", async () => {
      const store = await make();
      const many = Array.from({ length: 130 }, fresh);
      const [first, last] = [many[0] as string, many[129] as string];
      await store.open(first, paused, "person");
      await store.open(last, broken, "consumer");

      const found = await store.read(many);

      assert.deepEqual(
        found.map(({ consumer }) => consumer),
        many,
      );
      assert.deepEqual(
        found.flatMap(({ holds }) => holds),
        [paused, broken],
      );
      assert.deepEqual(await store.read([]), []);
    }),

    check("cuts a text that says no more by its length", async () => {
      const store = await make();
      const consumer = fresh();
      await store.open(consumer, { ...paused, why: "x".repeat(100_000) }, "person");

      assert.ok(((await only(store, consumer)).holds[0]?.why.length ?? 0) >= 500);
    }),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, check: run };
}
