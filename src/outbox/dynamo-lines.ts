import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { outboxKeys } from "../names.ts";
import type { DynamoTable } from "./dynamo-table.ts";
import { readHead } from "./head-item.ts";
import type { Head, KeyStep, LineRow, LineStore } from "./line-ports.ts";
import { headPlace, lastPlace, linePartition, linePlace, orderAt, shardText } from "./places.ts";
import { keyOf, readRow } from "./row.ts";

/** Keys of a shard that are told in one answer: each costs a query. */
const keysAtOnce = 50;
/** Above every sort key of a line: keys have 128 characters at most. */
const last = "~".repeat(129);

/** The lines of an outbox's table. */
export function dynamoLines(table: DynamoTable): LineStore {
  const { outbox, clock } = table;
  const TableName = outbox.table;
  const headKey = (key: string) => keyOf(outbox, headPlace(key));

  return {
    async firsts(shard, { behind }) {
      const partition = outboxKeys.line + shardText(shard);
      const rows: LineRow[] = [];
      // A space ends the key: "!" is the first that comes behind it.
      let from = behind === undefined ? "!" : `${behind}!`;
      while (rows.length < keysAtOnce) {
        const { found } = await table.page(partition, { from, to: last, most: 1 });
        const [one] = found;
        if (!one) return { rows };
        const order = orderAt(one.place);
        if (order) rows.push({ order, row: readRow(one.place, one.item) });
        from = order ? `${order.key}!` : `${one.place.sort}!`;
      }
      return { rows, behind: rows.at(-1)?.order.key };
    },
    async line(key, most) {
      const partition = linePartition(key);
      const { found } = await table.page(partition, {
        from: `${key} `,
        to: `${key} ~`,
        most,
        isStrong: true,
      });
      return found.flatMap(({ place, item }) => {
        const order = orderAt(place);
        return order ? [{ order, row: readRow(place, item) }] : [];
      });
    },
    async take(key, owner, endsMs) {
      const { written, item } = await table.ask(({ update }) =>
        update({
          TableName,
          Key: headKey(key),
          UpdateExpression: "SET #owner = :owner, leaseEnds = :ends",
          ConditionExpression:
            "attribute_not_exists(parked) AND (attribute_not_exists(#owner) OR #owner = :owner OR leaseEnds <= :now)",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: {
            ":owner": { S: owner },
            ":ends": { N: String(endsMs) },
            ":now": { N: String(clock.nowMs()) },
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      const { sent, parked } = readHead(item);
      if (written) return { status: "ours", sent };
      if (parked) return { status: "parked", parked };
      return { status: "held", untilMs: Number(item.leaseEnds?.N ?? 0) };
    },
    async settle(key, owner, { out, sent, next }) {
      const head = headUpdate(next);
      const update: TransactWriteItem = {
        Update: {
          TableName,
          Key: headKey(key),
          UpdateExpression: `SET sent = :sent${head.set}${head.remove}`,
          ConditionExpression: "#owner = :owner",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: {
            ":owner": { S: owner },
            ":sent": { N: String(sent) },
            ...head.values,
          },
        },
      };
      const removals = out.map((sequence) => ({
        Delete: { TableName, Key: keyOf(outbox, linePlace({ key, sequence })) },
      }));
      return table.transact([update, ...removals]);
    },
    async head(key) {
      const [found] = await table.items([headPlace(key)], { isWhole: true });
      return found && readHead(found.item);
    },
    async mend(key, before, { sent, drop }) {
      const update: TransactWriteItem = {
        Update: {
          TableName,
          Key: headKey(key),
          UpdateExpression: "SET sent = :to REMOVE parked",
          ConditionExpression: mendable(before),
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: {
            ":to": { N: String(sent) },
            ":now": { N: String(clock.nowMs()) },
            ":sent": { N: String(before.sent) },
            ...(before.parked ? { ":parked": { S: JSON.stringify(before.parked) } } : {}),
          },
        },
      };
      const place = drop === undefined ? undefined : linePlace({ key, sequence: drop });
      return table.transact([update, ...(place ? [table.deletion(place)] : [])]);
    },
    async last(key) {
      const [found] = await table.items([lastPlace(key)], { isWhole: true });
      return Number(found?.item.sequence?.N ?? 0);
    },
  };
}

/** What becomes of the lease, as parts of an update. */
function headUpdate(next: KeyStep["next"]): {
  readonly set: string;
  readonly remove: string;
  readonly values: Record<string, AttributeValue>;
} {
  const ends = " REMOVE #owner, leaseEnds";
  switch (next.do) {
    case "keep":
      return { set: ", leaseEnds = :ends", remove: "", values: { ":ends": { N: String(next.endsMs) } } };
    case "release":
      return { set: "", remove: ends, values: {} };
    case "park":
      return {
        set: ", parked = :parked",
        remove: ends,
        values: { ":parked": { S: JSON.stringify(next.parked) } },
      };
  }
}

/** Nobody is at the key, and it is as it was read. */
function mendable({ sent, parked }: Head): string {
  return [
    sent === 0 ? "(attribute_not_exists(sent) OR sent = :sent)" : "sent = :sent",
    parked ? "parked = :parked" : "attribute_not_exists(parked)",
    "(attribute_not_exists(#owner) OR leaseEnds <= :now)",
  ].join(" AND ");
}
