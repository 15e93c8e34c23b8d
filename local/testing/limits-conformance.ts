import assert from "node:assert/strict";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { LimitStore, SlotGrant, SlotRequest } from "../../src/limits/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

const spacing = 20_000;
const horizon = 1_000_000;

/**
 * What every store of limits must do. `make` gives a store; keys of this run are never used twice, so one table will do
 * for all.
 */
export function limitsConformance(
  make: () => Promise<LimitStore> | LimitStore,
  { clock = systemClock }: { clock?: Clock } = {},
): readonly ConformanceCheck[] {
  let keys = 0;
  const run = `${clock.nowMs()}-${Math.floor(clock.random() * 1e9)}`;
  const fresh = () => `rate#conformance#${run}#${keys++}`;
  const now = clock.nowMs() * 1_000;

  const ask = (
    rates: readonly (string | { key: string; spacingMicros: number })[],
    slots: number,
    more: Partial<SlotRequest> = {},
  ): SlotRequest => ({
    rates: rates.map((rate) => (typeof rate === "string" ? { key: rate, spacingMicros: spacing } : rate)),
    quotas: [],
    slots,
    earliestMicros: now,
    latestMicros: now + horizon,
    ...more,
  });
  const startOf = async (store: LimitStore, request: SlotRequest) =>
    (await granted(store, request)).startMicros;

  return [
    check("starts an idle limit at once", async () => {
      const store = await make();

      assert.equal(await startOf(store, ask([fresh()], 10)), now);
    }),

    check("moves on by what each reservation takes, so that no slot is owned twice", async () => {
      const store = await make();
      const key = fresh();

      assert.equal(await startOf(store, ask([key], 10)), now);
      assert.equal(await startOf(store, ask([key], 1)), now + 10 * spacing);
      assert.equal(await startOf(store, ask([key], 3)), now + 11 * spacing);
    }),

    check("gives each of many racing holders slots of its own", async () => {
      const holders = await Promise.all(Array.from({ length: 8 }, () => make()));
      const key = fresh();
      const shared = holders[0] as LimitStore;
      const mayShare = holders.map((holder, index) => (index % 2 === 0 ? shared : holder));

      const answers = await Promise.all(
        mayShare.map((holder) => holder.reserve(ask([key], 2, { latestMicros: now + 10 * horizon }))),
      );

      const starts = answers.flatMap((answer) =>
        answer.status === "granted" ? [answer.grant.startMicros] : [],
      );
      const bySelf = new Set(starts);
      // Stores in memory share nothing: there, only those that are the same one race.
      if (starts.length === bySelf.size) {
        const sorted = [...starts].sort((left, right) => left - right);
        sorted.forEach((start, index) => {
          assert.ok(index === 0 || start - (sorted[index - 1] as number) >= 2 * spacing);
        });
      } else {
        const own = answers
          .filter((_, index) => mayShare[index] === shared)
          .flatMap((answer) => (answer.status === "granted" ? [answer.grant.startMicros] : []));
        assert.equal(new Set(own).size, own.length);
      }
    }),

    check("refuses more than the horizon holds, however idle the limit", async () => {
      const store = await make();
      const key = fresh();

      const refused = await store.reserve(ask([key], 51));

      assert.ok(refused.status === "full");
      assert.equal(refused.fits, 50);
      assert.equal(await startOf(store, ask([key], 50)), now);
    }),

    check("starts anew when the clock is ahead of the item", async () => {
      const store = await make();
      const key = fresh();
      await startOf(store, ask([key], 2));
      const laterMicros = now + 5 * spacing;

      const start = await startOf(
        store,
        ask([key], 2, { earliestMicros: laterMicros, latestMicros: laterMicros + horizon }),
      );

      assert.equal(start, laterMicros);
    }),

    check("spends nothing beyond the horizon, and tells what would fit and when there is room", async () => {
      const store = await make();
      const key = fresh();
      await startOf(store, ask([key], 45));

      const refused = await store.reserve(ask([key], 10));

      assert.ok(refused.status === "full");
      assert.equal(refused.fits, 5);
      assert.ok(refused.roomAtMicros <= now);
      assert.equal(await startOf(store, ask([key], 5)), now + 45 * spacing);
      const none = await store.reserve(ask([key], 1));
      assert.ok(none.status === "full");
      assert.equal(none.fits, 0);
      assert.equal(none.roomAtMicros, now + spacing);
    }),

    check("moves several limits to one common start, each by its own distance", async () => {
      const store = await make();
      const [one, two] = [fresh(), fresh()];
      const slow = { key: two, spacingMicros: 50_000 };
      await startOf(store, ask([one], 4));

      assert.equal(await startOf(store, ask([one, slow], 3)), now + 4 * spacing);
      // Behind the third slot, 50 ms apart, each limit stands its own distance on.
      assert.equal(await startOf(store, ask([one], 1)), now + 4 * spacing + 100_000 + spacing);
      assert.equal(await startOf(store, ask([slow], 1)), now + 4 * spacing + 150_000);
    }),

    check("spends no limit when one of several has no room", async () => {
      const store = await make();
      const [one, full] = [fresh(), fresh()];
      await startOf(store, ask([full], 50));

      const refused = await store.reserve(ask([one, full], 1));

      assert.equal(refused.status, "full");
      assert.equal(await startOf(store, ask([one], 1)), now);
    }),

    check("spends a quota to its last, and says when its bucket ends", async () => {
      const store = await make();
      const quota = { key: fresh(), count: 5, endsMicros: now + 60_000_000 };
      const request = (slots: number) => ask([], slots, { quotas: [quota] });

      await startOf(store, request(3));
      const over = await store.reserve(request(3));
      assert.ok(over.status === "full");
      assert.equal(over.fits, 2);
      await startOf(store, request(2));
      const spent = await store.reserve(request(1));

      assert.ok(spent.status === "full");
      assert.deepEqual([spent.fits, spent.roomAtMicros], [0, quota.endsMicros]);
    }),

    check("spends neither rate nor quota when one of them has no room", async () => {
      const store = await make();
      const key = fresh();
      const quota = { key: fresh(), count: 1, endsMicros: now + 60_000_000 };
      await startOf(store, ask([key], 1, { quotas: [quota] }));

      assert.equal((await store.reserve(ask([key], 1, { quotas: [quota] }))).status, "full");
      assert.equal(await startOf(store, ask([key], 1)), now + spacing);
    }),

    check("takes unused slots at the end back, while nobody stands behind them", async () => {
      const store = await make();
      const key = fresh();
      const grant = await granted(store, ask([key], 10));

      assert.equal(await store.giveBack(grant, 4), true);
      assert.equal(await startOf(store, ask([key], 1)), now + 6 * spacing);
      assert.equal(await store.giveBack(grant, 2), false);
      assert.equal(await startOf(store, ask([key], 1)), now + 7 * spacing);
    }),

    check("takes a whole reservation back, its quota too", async () => {
      const store = await make();
      const key = fresh();
      const quota = { key: fresh(), count: 3, endsMicros: now + 60_000_000 };
      const grant = await granted(store, ask([key], 3, { quotas: [quota] }));

      assert.equal(await store.giveBack(grant, 3), true);
      assert.equal(await startOf(store, ask([key], 3, { quotas: [quota] })), now);
    }),

    check("tells its own time, to the second", async () => {
      const store = await make();
      const beforeMs = clock.nowMs();

      const { storeMs } = await store.reserve(ask([fresh()], 1));

      assert.ok(storeMs !== undefined && storeMs % 1_000 === 0);
      assert.ok(Math.abs(storeMs - beforeMs) <= 5_000);
    }),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, check: run };
}

async function granted(store: LimitStore, request: SlotRequest): Promise<SlotGrant> {
  const answer = await store.reserve(request);
  assert.equal(answer.status, "granted", `expected a grant: ${JSON.stringify(answer)}`);
  return (answer as Extract<typeof answer, { status: "granted" }>).grant;
}
