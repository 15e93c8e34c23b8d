import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock } from "../clock.ts";
import { outboxKeys } from "../names.ts";
import { deadItem, deadRow, revivedItem } from "./dead-item.ts";
import { outboxTable } from "./outbox-table.ts";
import { deadPlace, livingPlace, type OutboxTable, type Place, shardText, timeSort } from "./places.ts";
import type { OutboxStore } from "./ports.ts";
import { type Item, placeOf, readRow } from "./row.ts";

/** An outbox in this process's memory. */
export interface InMemoryOutbox extends OutboxStore {
  /** A writer's transaction: its puts, each on condition that nothing is there. `false`: something is, and nothing was written. */
  transact(writes: readonly TransactWriteItem[]): boolean;
  /** Rows that wait, of all shards. */
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
  const shards = new Map<string, Map<string, Item>>();
  const sweeps = new Map<number, { readonly owner: string; readonly endsMs: number }>();
  const at = (partition: string) => {
    const items = shards.get(partition) ?? new Map<string, Item>();
    shards.set(partition, items);
    return items;
  };
  const sorted = (partition: string, behind: Place | undefined) =>
    [...at(partition)]
      .filter(([sort]) => sort > (behind?.sort ?? ""))
      .sort(([one], [other]) => (one < other ? -1 : 1));
  const itemAt = ({ partition, sort }: Place) => at(partition).get(sort);
  const remove = ({ partition, sort }: Place) => at(partition).delete(sort);
  const putItem = ({ partition, sort }: Place, item: Item) => void at(partition).set(sort, item);

  return {
    transact(writes) {
      const puts = writes.flatMap(({ Put: { Item: item = {} } = {} }) => {
        const place = placeOf(table, item);
        return place ? [{ place, item }] : [];
      });
      if (puts.some(({ place }) => itemAt(place))) return false;
      for (const { place, item } of puts) putItem(place, item);
      return true;
    },
    get waiting() {
      const waiting = [...shards].filter(([partition]) => partition.startsWith(outboxKeys.row));
      return waiting.reduce((sum, [, items]) => sum + items.size, 0);
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
      return places.filter(itemAt);
    },
    async remove(places) {
      for (const place of places) remove(place);
    },
    async bury(place, death) {
      const item = itemAt(place);
      if (!item) return false;
      remove(place);
      putItem(deadPlace(place), deadItem(table, { place: deadPlace(place), item, death }));
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
      const item = itemAt(dead);
      if (!item) return false;
      remove(dead);
      putItem(livingPlace(dead), revivedItem(table, { place: dead, item }));
      return true;
    },
    async drop(dead) {
      return remove(dead);
    },
  };
}
