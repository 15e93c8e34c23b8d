import assert from "node:assert/strict";
import type { Head, KeyStep, OutboxRow, OutboxStore, Parked } from "../../src/outbox/index.ts";
import { outboxShards } from "../../src/outbox/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import type { VirtualClock } from "./virtual-clock.ts";

interface World {
  readonly clock: VirtualClock;
  readonly store: OutboxStore;
  put(...rows: readonly OutboxRow[]): Promise<boolean>;
}

const leaseMs = 60_000;
const poison: Parked = { sequence: 2, reason: "too-large", message: 'it "takes" 1', atMs: 7.5e11 };

/** What every `OutboxStore` must do with ordered rows. */
export function outboxLineChecks(world: () => Promise<World>): readonly ConformanceCheck[] {
  const check = (name: string, body: (world: World) => Promise<void>): ConformanceCheck => ({
    name,
    check: async () => body(await world()),
  });
  const sequences = async ({ store }: World, key = "a", most = 100) =>
    (await store.line(key, most)).map(({ order }) => order.sequence);
  const release: KeyStep["next"] = { do: "release" };

  return [
    check(
      "tells a key's rows in the order of their sequence, as they were put, and no other key's",
      async (all) => {
        const { store, put } = all;
        for (let sequence = 1; sequence <= 11; sequence++)
          assert.equal(await put(rowOf("a", sequence)), true);
        await put(rowOf("a!", 1));
        await put(rowOf("ab", 1));

        assert.deepEqual(await sequences(all), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert.deepEqual(await sequences(all, "a", 2), [1, 2]);
        const [first] = await store.line("a", 1);
        const { message, createdMs } = rowOf("a", 1);
        assert.deepEqual(first?.row.status === "row" && [first.row.message, first.row.createdMs], [
          ...[message, createdMs],
        ]);
        assert.deepEqual(first?.order, { key: "a", sequence: 1 });
      },
    ),

    check(
      "gives a sequence once, of many writers who ask at once, and lets none leave one out",
      async (all) => {
        const { store, put } = all;
        const puts = await Promise.all(["x", "y", "z"].map((id) => put(rowOf("a", 1, id))));

        assert.equal(puts.filter(Boolean).length, 1);
        assert.equal(await put(rowOf("a", 1, "late")), false);
        assert.equal(await put(rowOf("a", 3)), false);
        assert.equal(await put(rowOf("a", 2), rowOf("a", 3)), true);
        assert.equal(await store.last("a"), 3);
        assert.equal(await store.last("b"), 0);
        assert.deepEqual(await sequences(all), [1, 2, 3]);
      },
    ),

    check("tells the first row of each key of a shard, page by page", async ({ store, put }) => {
      const keys = ["a", "ab", "a!", "~~~", "b"];
      for (const key of keys) {
        await put(rowOf(key, 1));
        await put(rowOf(key, 2));
      }

      const told: string[] = [];
      for (let shard = 0; shard < outboxShards; shard++) {
        let behind: string | undefined;
        do {
          const page = await store.firsts(shard, { behind });
          told.push(...page.rows.map(({ order }) => `${order.key} ${order.sequence}`));
          behind = page.behind;
        } while (behind !== undefined);
      }

      assert.deepEqual(told.sort(), keys.map((key) => `${key} 1`).sort());
    }),

    check("gives a key to one, until it ends or is given back", async ({ store, clock }) => {
      const take = (owner: string) => store.take("a", owner, clock.nowMs() + leaseMs);

      const taken = await Promise.all(["x", "y", "z"].map(take));
      const at = taken.findIndex(({ status }) => status === "ours");
      const owner = "xyz"[at] ?? "";

      assert.equal(taken.filter(({ status }) => status === "ours").length, 1);
      assert.deepEqual(await take("other"), { status: "held", untilMs: clock.nowMs() + leaseMs });
      assert.deepEqual(await take(owner), { status: "ours", sent: 0 });
      assert.equal(await store.settle("a", owner, { out: [], sent: 0, next: release }), true);
      assert.deepEqual(await take("other"), { status: "ours", sent: 0 });
      await clock.advance(leaseMs);
      assert.deepEqual(await take("third"), { status: "ours", sent: 0 });
    }),

    check("removes rows and moves the head in one step, under the lease alone", async (all) => {
      const { store, put, clock } = all;
      for (let sequence = 1; sequence <= 4; sequence++) await put(rowOf("a", sequence));
      await store.take("a", "one", clock.nowMs() + leaseMs);

      assert.equal(await store.settle("a", "other", { out: [1], sent: 1, next: release }), false);
      assert.deepEqual(await sequences(all), [1, 2, 3, 4]);
      const keep: KeyStep["next"] = { do: "keep", endsMs: clock.nowMs() + 2 * leaseMs };
      assert.equal(await store.settle("a", "one", { out: [1, 2], sent: 2, next: keep }), true);
      await clock.advance(leaseMs);
      assert.equal((await store.take("a", "other", clock.nowMs() + leaseMs)).status, "held");
      assert.equal(await store.settle("a", "one", { out: [3], sent: 3, next: release }), true);

      assert.deepEqual(await sequences(all), [4]);
      assert.deepEqual(await store.head("a"), { sent: 3 });
      assert.deepEqual(await store.take("a", "other", clock.nowMs() + leaseMs), { status: "ours", sent: 3 });
      assert.equal(await store.last("a"), 4);
    }),

    check("lets nobody have a key that is parked, and says why", async ({ store, clock }) => {
      await store.take("a", "one", clock.nowMs() + leaseMs);

      await store.settle("a", "one", { out: [], sent: 1, next: { do: "park", parked: poison } });

      const take = await store.take("a", "other", clock.nowMs() + leaseMs);
      assert.deepEqual(take, { status: "parked", parked: poison });
      assert.deepEqual(await store.head("a"), { sent: 1, parked: poison });
      assert.equal(await store.head("b"), undefined);
    }),

    check(
      "lets a parked key go on, without its poison or with it, if it still is what was read",
      async (all) => {
        const { store, put, clock } = all;
        for (let sequence = 1; sequence <= 3; sequence++) await put(rowOf("a", sequence));
        await store.take("a", "one", clock.nowMs() + leaseMs);
        await store.settle("a", "one", { out: [1], sent: 1, next: { do: "park", parked: poison } });
        const head = (await store.head("a")) as Head;

        assert.equal(await store.mend("a", { ...head, sent: 0 }, { sent: 2, drop: 2 }), false);
        assert.equal(await store.mend("a", { sent: 1 }, { sent: 2, drop: 2 }), false);
        assert.equal(await store.mend("a", head, { sent: 2, drop: 9 }), false);
        assert.equal(await store.mend("a", head, { sent: 2, drop: 2 }), true);
        assert.equal(await store.mend("a", head, { sent: 2, drop: 2 }), false);

        assert.deepEqual(await sequences(all), [3]);
        assert.deepEqual(await store.take("a", "other", clock.nowMs() + leaseMs), {
          status: "ours",
          sent: 2,
        });
        assert.equal(await store.mend("a", { sent: 2 }, { sent: 3 }), false);
        await store.settle("a", "other", { out: [], sent: 2, next: release });
        assert.equal(await store.mend("a", { sent: 2 }, { sent: 3 }), true);
        assert.deepEqual(await store.head("a"), { sent: 3 });
        assert.equal(await store.mend("b", { sent: 0 }, { sent: 4 }), true);
        assert.deepEqual(await store.head("b"), { sent: 4 });
      },
    ),
  ];
}

function rowOf(key: string, sequence: number, id = `${key}-${sequence}`): OutboxRow {
  return {
    message: {
      ...{ topic: "balances.fifo", id, source: "/bank", type: "balance.moved" },
      body: JSON.stringify({ key, sequence }),
      attributes: { type: "balance.moved" },
      ...{ groupId: key, deduplicationId: id },
    },
    createdMs: Date.parse("2026-03-01T12:00:00Z") + sequence,
    order: { key, sequence },
  };
}
