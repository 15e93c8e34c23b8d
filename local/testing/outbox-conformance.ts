import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import {
  type Death,
  type OutboxRow,
  type OutboxStore,
  type Place,
  rowPlace,
} from "../../src/outbox/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { outboxLineChecks } from "./outbox-line-checks.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

/** An outbox that nobody else writes to. */
export interface OutboxSubject {
  readonly store: OutboxStore;
  /** Commits a transaction with the rows' writes (`rowWrites`). `false`: it was refused, as one is that was committed before. */
  put(...rows: readonly OutboxRow[]): Promise<boolean>;
}

const nowMs = Date.parse("2026-03-01T12:00:00Z");
const death: Death = { reason: "too-large", message: "it takes 300000 bytes", atMs: nowMs };

/**
 * What every `OutboxStore` must do. `make` gives an empty one that reads its time from the clock it is handed; `name` is never
 * the same twice, so one table will do for all.
 */
export function outboxConformance(
  make: (clock: VirtualClock, name: string) => Promise<OutboxSubject> | OutboxSubject,
  /** Makes the names this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let worlds = 0;
  const world = async () => {
    // The tokens of its transactions come from the clock's chance, and engines remember them.
    const clock = virtualClock({ seed: systemClock.nowMs() + worlds });
    const { store, put } = await make(clock, `${run}-${worlds++}#`);
    /** Rows that lie in one shard, a second apart. */
    const putRows = async (count: number) => {
      const rows = rowsOfShard(7, count);
      for (const row of rows) assert.equal(await put(row), true);
      return rows;
    };
    const due = (more: Partial<Parameters<OutboxStore["due"]>[1]> = {}) =>
      store.due(7, { beforeMs: nowMs, afterMs: nowMs + 3_600_000, most: 100, ...more });
    return { clock, store, put, putRows, due };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check(
      "tells rows as they were put, byte for byte, the oldest first, and of one shard alone",
      async () => {
        const { putRows, due, store } = await world();
        const rows = await putRows(3);

        const told = await due();

        assert.deepEqual(
          told,
          rows.map((row) => ({ place: placeOf(row), status: "row", ...row })),
        );
        assert.deepEqual(await store.due(8, { beforeMs: nowMs, afterMs: nowMs, most: 100 }), []);
      },
    ),

    check("refuses a row that is there", async () => {
      const { put, putRows } = await world();
      const [row] = await putRows(1);

      assert.equal(await put(row as OutboxRow), false);
    }),

    check("tells of rows made before one moment or after another, and of none between", async () => {
      const { putRows, due } = await world();
      const rows = await putRows(5);
      const at = (index: number) => rows[index]?.createdMs ?? 0;

      const told = await due({ beforeMs: at(1), afterMs: at(3) });

      assert.deepEqual(
        told.map(({ place }) => place),
        [rows[0], rows[4]].map((row) => placeOf(row as OutboxRow)),
      );
    }),

    check("tells rows page by page, each once, over the gap between both moments", async () => {
      const { putRows, due } = await world();
      const rows = await putRows(7);
      const terms = { beforeMs: rows[3]?.createdMs ?? 0, afterMs: rows[3]?.createdMs ?? 0, most: 2 };

      const told: Place[] = [];
      for (let pages = 0; pages < 10; pages++) {
        const page = await due({ ...terms, behind: told.at(-1) });
        if (page.length === 0) break;
        assert.ok(page.length <= 2);
        told.push(...page.map(({ place }) => place));
      }

      assert.deepEqual(told, rows.filter((_, index) => index !== 3).map(placeOf));
    }),

    check("removes more rows than fit into one call, and what is gone already", async () => {
      const { putRows, due, store } = await world();
      const rows = await putRows(60);
      const places = rows.map(placeOf);
      await store.remove(places.slice(0, 1));

      await store.remove(places.slice(0, 59));

      assert.deepEqual(
        (await due()).map(({ place }) => place),
        places.slice(59),
      );
      assert.deepEqual(await store.stillThere(places), places.slice(59));
    }),

    check("puts a row among the dead and back, with all that it had", async () => {
      const { putRows, due, store } = await world();
      const [row, other] = (await putRows(2)) as [OutboxRow, OutboxRow];

      assert.equal(await store.bury(placeOf(row), death), true);
      assert.deepEqual(
        (await due()).map(({ place }) => place),
        [placeOf(other)],
      );
      const [dead, ...more] = await store.dead(7, { most: 10 });
      assert.deepEqual([dead?.row, dead?.death, more], [row, death, []]);

      assert.equal(await store.revive(dead?.place as Place), true);
      assert.deepEqual(await store.dead(7, { most: 10 }), []);
      assert.deepEqual(await due({ most: 1 }), [{ place: placeOf(row), status: "row", ...row }]);
    }),

    check("buries, revives and drops nothing that is gone", async () => {
      const { putRows, store } = await world();
      const [row] = (await putRows(1)) as [OutboxRow];
      await store.bury(placeOf(row), death);
      const [dead] = await store.dead(7, { most: 10 });
      const place = dead?.place as Place;

      assert.equal(await store.bury(placeOf(row), death), false);
      assert.equal(await store.drop(place), true);
      assert.equal(await store.drop(place), false);
      assert.equal(await store.revive(place), false);
      assert.deepEqual(await store.dead(7, { most: 10 }), []);
    }),

    check("buries a row once, of many who try at once", async () => {
      const { putRows, store } = await world();
      const [row] = (await putRows(1)) as [OutboxRow];

      const buried = await Promise.all([1, 2, 3].map(() => store.bury(placeOf(row), death)));

      assert.equal(buried.filter(Boolean).length, 1);
    }),

    check("tells the dead page by page", async () => {
      const { putRows, store } = await world();
      const rows = await putRows(5);
      for (const row of rows) await store.bury(placeOf(row), death);

      const first = await store.dead(7, { most: 3 });
      const second = await store.dead(7, { most: 3, behind: first.at(-1)?.place });

      assert.deepEqual(
        [...first, ...second].map((dead) => dead.row),
        rows,
      );
    }),

    check("gives the lease of a sweep to one, until it ends or is given back", async () => {
      const { store, clock } = await world();
      const take = (owner: string) => store.takeSweep(7, owner, clock.nowMs() + 1_000);

      const taken = await Promise.all(["a", "b", "c"].map(take));
      const owner = "abc"[taken.indexOf(true)] ?? "";

      assert.equal(taken.filter(Boolean).length, 1);
      assert.equal(await take(owner), true);
      assert.equal(await take("other"), false);
      await store.endSweep(7, "other");
      assert.equal(await take("other"), false);
      await store.endSweep(7, owner);
      assert.equal(await take("other"), true);
      await clock.advance(1_000);
      assert.equal(await take("third"), true);
      assert.equal(await store.takeSweep(8, "other", clock.nowMs() + 1_000), true);
    }),
    ...outboxLineChecks(world),
  ];
}

function placeOf({ message, createdMs }: OutboxRow): Place {
  return rowPlace(message, createdMs);
}

/** Rows whose identity and time put them into a shard. */
function rowsOfShard(shard: number, count: number): readonly OutboxRow[] {
  const rows: OutboxRow[] = [];
  for (let tries = 0; rows.length < count; tries++) {
    const row: OutboxRow = {
      message: {
        ...{ topic: "orders", id: `order-${tries}`, source: "/shop", type: "order.created" },
        body: JSON.stringify({ tries, text: 'ü \ud83d\ude00 "quoted"' }),
        attributes: { type: "order.created", cents: 12.5, country: "NL" },
        ...(rows.length % 2 === 0 ? {} : { groupId: "tenant-1" }),
      },
      createdMs: nowMs - 1_000 * (count - rows.length),
    };
    if (placeOf(row).partition.endsWith(`#${String(shard).padStart(2, "0")}`)) rows.push(row);
  }
  return rows;
}
