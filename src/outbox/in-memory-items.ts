import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { outboxKeys } from "../names.ts";
import type { OutboxTable, Place } from "./places.ts";
import { type Item, placeOf } from "./row.ts";

/** A table in this process's memory. */
export interface InMemoryItems {
  get(place: Place): Item | undefined;
  put(place: Place, item: Item): void;
  /** `false`: nothing was there. */
  remove(place: Place): boolean;
  /** A partition's items, by sort key. */
  sorted(partition: string): readonly (readonly [sort: string, item: Item])[];
  /** How many items lie in the partitions that begin so. */
  count(partition: string): number;
  /** A writer's transaction. `false`: one of its conditions does not hold, and nothing was written. */
  transact(writes: readonly TransactWriteItem[]): boolean;
}

export function inMemoryItems(table: OutboxTable): InMemoryItems {
  const partitions = new Map<string, Map<string, Item>>();
  const at = (partition: string) => {
    const items = partitions.get(partition) ?? new Map<string, Item>();
    partitions.set(partition, items);
    return items;
  };
  const get: InMemoryItems["get"] = ({ partition, sort }) => at(partition).get(sort);
  const put: InMemoryItems["put"] = ({ partition, sort }, item) => void at(partition).set(sort, item);

  return {
    ...{ get, put },
    remove: ({ partition, sort }) => at(partition).delete(sort),
    sorted: (partition) => [...at(partition)].sort(([one], [other]) => (one < other ? -1 : 1)),
    count: (start) =>
      [...partitions].reduce((sum, [name, { size }]) => sum + (name.startsWith(start) ? size : 0), 0),
    transact(writes) {
      const puts = writes.flatMap(({ Put: { Item: item = {} } = {} }) => {
        const place = placeOf(table, item);
        return place ? [{ place, item }] : [];
      });
      const moves = writes.flatMap(({ Update }) => {
        const place = Update && placeOf(table, (Update.Key ?? {}) as Item);
        const { ":sequence": to, ":before": before } = Update?.ExpressionAttributeValues ?? {};
        return place?.partition.startsWith(outboxKeys.last) ? [{ place, to, before }] : [];
      });
      const isStale = ({ place, before }: (typeof moves)[number]) => get(place)?.sequence?.N !== before?.N;
      if (puts.some(({ place }) => get(place)) || moves.some(isStale)) return false;
      for (const { place, item } of puts) put(place, item);
      for (const { place, to } of moves) put(place, { ...(to ? { sequence: to } : {}) });
      return true;
    },
  };
}
