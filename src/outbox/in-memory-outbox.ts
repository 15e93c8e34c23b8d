import { type Clock, systemClock } from "../clock.ts";
import { outboxKeys } from "../names.ts";
import { deadItem, deadRow, revivedItem } from "./dead-item.ts";
import { type InMemoryItems, inMemoryItems } from "./in-memory-items.ts";
import { inMemoryLines } from "./in-memory-lines.ts";
import { outboxTable } from "./outbox-table.ts";
import { deadPlace, livingPlace, type OutboxTable, type Place, shardText, timeSort } from "./places.ts";
import type { OutboxStore } from "./ports.ts";
import { readRow } from "./row.ts";

/** An outbox in this process's memory. */
export interface InMemoryOutbox extends OutboxStore {
  /** A writer's transaction. `false`: one of its conditions does not hold, and nothing was written. */
  readonly transact: InMemoryItems["transact"];
  /** Rows that wait, of all shards, with an order or without. */
  readonly waiting: number;
}

/** `OutboxStore` in this process's memory, for tests. Its table is the one that writers are told of. */
export function inMemoryOutbox({
  table = outboxTable({ table: "outbox" }),
  clock = systemClock,
}: {
  readonly table?: OutboxTable;
  readonly clock?: Clock;
} = {}): InMemoryOutbox {
  const items = inMemoryItems(table);
  const sweeps = new Map<number, { readonly owner: string; readonly endsMs: number }>();
  const sorted = (partition: string, behind: Place | undefined) =>
    items.sorted(partition).filter(([sort]) => sort > (behind?.sort ?? ""));

  return {
    ...inMemoryLines(items, clock),
    transact: items.transact,
    get waiting() {
      return items.count(outboxKeys.row) + items.count(outboxKeys.line);
    },

    async due(shard, { beforeMs, afterMs, most, behind }) {
      const partition = outboxKeys.row + shardText(shard);
      const isDue = (sort: string) => sort < timeSort(beforeMs) || sort >= timeSort(afterMs + 1);
      return sorted(partition, behind)
        .filter(([sort]) => isDue(sort))
        .slice(0, most)
        .map(([sort, item]) => readRow({ partition, sort }, item));
    },
    async stillThere(places) {
      return places.filter(items.get);
    },
    async remove(places) {
      for (const place of places) items.remove(place);
    },
    async bury(place, death) {
      const item = items.get(place);
      if (!item) return false;
      items.remove(place);
      items.put(deadPlace(place), deadItem(table, { place: deadPlace(place), item, death }));
      return true;
    },
    async takeSweep(shard, owner, endsMs) {
      const sweep = sweeps.get(shard);
      if (sweep && sweep.owner !== owner && sweep.endsMs > clock.nowMs()) return false;
      sweeps.set(shard, { owner, endsMs });
      return true;
    },
    async endSweep(shard, owner) {
      if (sweeps.get(shard)?.owner === owner) sweeps.delete(shard);
    },
    async dead(shard, { behind, most }) {
      const partition = outboxKeys.dead + shardText(shard);
      return sorted(partition, behind)
        .slice(0, most)
        .map(([sort, item]) => deadRow({ partition, sort }, item));
    },
    async revive(dead) {
      const item = items.get(dead);
      if (!item) return false;
      items.remove(dead);
      items.put(livingPlace(dead), revivedItem(table, { place: dead, item }));
      return true;
    },
    async drop(dead) {
      return items.remove(dead);
    },
  };
}
