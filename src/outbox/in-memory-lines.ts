import type { Clock } from "../clock.ts";
import { outboxKeys } from "../names.ts";
import { readHead } from "./head-item.ts";
import type { InMemoryItems } from "./in-memory-items.ts";
import type { LineRow, LineStore } from "./line-ports.ts";
import { headPlace, lastPlace, linePartition, linePlace, orderAt, shardText } from "./places.ts";
import { readRow } from "./row.ts";

/** The lines of a table in memory. */
export function inMemoryLines(items: InMemoryItems, clock: Clock): LineStore {
  const leases = new Map<string, { readonly owner: string; readonly endsMs: number }>();
  const rowsOf = (partition: string): readonly LineRow[] =>
    items.sorted(partition).flatMap(([sort, item]) => {
      const order = orderAt({ partition, sort });
      return order ? [{ order, row: readRow({ partition, sort }, item) }] : [];
    });
  const headOf = (key: string) => {
    const item = items.get(headPlace(key));
    return item && readHead(item);
  };
  const putHead = (key: string, { sent, parked }: { sent: number; parked?: object | undefined }) =>
    items.put(headPlace(key), {
      sent: { N: String(sent) },
      ...(parked ? { parked: { S: JSON.stringify(parked) } } : {}),
    });
  const holderOf = (key: string) => {
    const lease = leases.get(key);
    return lease && lease.endsMs > clock.nowMs() ? lease : undefined;
  };

  return {
    async firsts(shard, { behind }) {
      const rows = rowsOf(outboxKeys.line + shardText(shard));
      const firsts = rows.filter(({ order }, at) => rows[at - 1]?.order.key !== order.key);
      return { rows: firsts.filter(({ order }) => behind === undefined || order.key > behind) };
    },
    async line(key, most) {
      return rowsOf(linePartition(key))
        .filter(({ order }) => order.key === key)
        .slice(0, most);
    },
    async take(key, owner, endsMs) {
      const { sent = 0, parked } = headOf(key) ?? {};
      if (parked) return { status: "parked", parked };
      const holder = holderOf(key);
      if (holder && holder.owner !== owner) return { status: "held", untilMs: holder.endsMs };
      leases.set(key, { owner, endsMs });
      return { status: "ours", sent };
    },
    async settle(key, owner, { out, sent, next }) {
      if (leases.get(key)?.owner !== owner) return false;
      for (const sequence of out) items.remove(linePlace({ key, sequence }));
      putHead(key, { sent, ...(next.do === "park" ? { parked: next.parked } : {}) });
      if (next.do === "keep") leases.set(key, { owner, endsMs: next.endsMs });
      else leases.delete(key);
      return true;
    },
    async head(key) {
      return headOf(key);
    },
    async mend(key, before, { sent, drop }) {
      const place = drop === undefined ? undefined : linePlace({ key, sequence: drop });
      const now = headOf(key) ?? { sent: 0 };
      const isSame = JSON.stringify(now) === JSON.stringify(before);
      if (!isSame || holderOf(key) || (place && !items.get(place))) return false;
      if (place) items.remove(place);
      putHead(key, { sent });
      return true;
    },
    async last(key) {
      return Number(items.get(lastPlace(key))?.sequence?.N ?? 0);
    },
  };
}
