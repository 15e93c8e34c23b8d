import { type Clock, systemClock } from "../clock.ts";
import { outboxKeys } from "../names.ts";
import { deadItem, deadRow, revivedItem } from "./dead-item.ts";
import { defaultCalls } from "./default-calls.ts";
import type { DynamoCalls } from "./dynamo-calls.ts";
import { dynamoLines } from "./dynamo-lines.ts";
import { dynamoTable } from "./dynamo-table.ts";
import { deadPlace, type OutboxTable, type Place, shardText, sweepPlace, timeSort } from "./places.ts";
import type { OutboxStore } from "./ports.ts";
import { keyOf, readRow } from "./row.ts";

/** Below and above every sort key of a row. */
const first = " ";
const last = "~";

/**
 * An `OutboxStore` in a DynamoDB table: the outbox's own, or one whose other items begin otherwise. Rows lie by shard and time,
 * lines by shard and key, so what is old is found by a few queries a shard; there is no index to pay for.
 */
export function dynamoOutbox({
  table: outbox,
  clock = systemClock,
  calls = defaultCalls(),
}: {
  readonly table: OutboxTable;
  readonly clock?: Clock;
  readonly calls?: DynamoCalls;
}): OutboxStore {
  const table = dynamoTable({ outbox, clock, calls });
  const TableName = outbox.table;
  const itemAt = async (place: Place) => (await table.items([place], { isWhole: true }))[0]?.item;

  return {
    ...dynamoLines(table),
    async due(shard, { beforeMs, afterMs, most, behind }) {
      const partition = outboxKeys.row + shardText(shard);
      const start = behind ? after(behind) : first;
      const old = await table.page(partition, { from: start, to: timeSort(beforeMs), most });
      const rows = [...old.found];
      if (old.isEnd && rows.length < most) {
        const ahead = timeSort(afterMs + 1);
        const [, from = ahead] = [start, ahead].sort();
        rows.push(...(await table.page(partition, { from, to: last, most: most - rows.length })).found);
      }
      return rows.map(({ place, item }) => readRow(place, item));
    },
    async stillThere(places) {
      return (await table.items(places, { isWhole: false })).map(({ place }) => place);
    },
    remove: (places) => table.remove(places),
    async bury(place, death) {
      const item = await itemAt(place);
      if (!item) return false;
      const Item = deadItem(outbox, { place: deadPlace(place), item, death });
      return table.transact([table.deletion(place), { Put: { TableName, Item } }]);
    },
    async takeSweep(shard, owner, endsMs) {
      const { written } = await table.ask(({ update }) =>
        update({
          TableName,
          Key: keyOf(outbox, sweepPlace(shard)),
          UpdateExpression: "SET #owner = :owner, leaseEnds = :ends",
          ConditionExpression: "attribute_not_exists(#owner) OR #owner = :owner OR leaseEnds <= :now",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: {
            ":owner": { S: owner },
            ":ends": { N: String(endsMs) },
            ":now": { N: String(clock.nowMs()) },
          },
        }),
      );
      return written;
    },
    async endSweep(shard, owner) {
      await table.ask(({ update }) =>
        update({
          TableName,
          Key: keyOf(outbox, sweepPlace(shard)),
          UpdateExpression: "REMOVE #owner, leaseEnds",
          ConditionExpression: "#owner = :owner",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":owner": { S: owner } },
        }),
      );
    },
    async dead(shard, { behind, most }) {
      const from = behind ? after(behind) : first;
      const { found } = await table.page(outboxKeys.dead + shardText(shard), { from, to: last, most });
      return found.map(({ place, item }) => deadRow(place, item));
    },
    async revive(place) {
      const item = await itemAt(place);
      if (!item) return false;
      const Item = revivedItem(outbox, { place, item });
      return table.transact([table.deletion(place), { Put: { TableName, Item } }]);
    },
    drop: (place) => table.transact([table.deletion(place)]),
  };
}

/** The first sort key behind a row's. */
function after({ sort }: Place): string {
  return `${sort}!`;
}
