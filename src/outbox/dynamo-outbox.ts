import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, formatUuid, sleep, systemClock } from "../clock.ts";
import { describeError, OutboxError } from "../errors.ts";
import { dynamodb } from "../limits-of-aws.ts";
import { outboxKeys } from "../names.ts";
import { deadItem, deadRow, revivedItem } from "./dead-item.ts";
import { defaultCalls } from "./default-calls.ts";
import type { DynamoCalls } from "./dynamo-calls.ts";
import { deadPlace, type OutboxTable, type Place, shardText, sweepPlace, timeSort } from "./places.ts";
import type { OutboxStore } from "./ports.ts";
import { type Item, keyOf, placeOf, readRow } from "./row.ts";

/** Tries of a call that DynamoDB answered with "later": what it left undone, or another transaction in the way. */
const maxTries = 5;
const pauseMs = 50;
/** Below and above every sort key of a row. */
const first = " ";
const last = "~";

/**
 * An `OutboxStore` in a DynamoDB table: the outbox's own, or one whose other items begin otherwise. Rows lie by shard and time, so
 * what is old is found by one query a shard; there is no index to pay for.
 */
export function dynamoOutbox({
  table,
  clock = systemClock,
  calls = defaultCalls(),
}: {
  readonly table: OutboxTable;
  readonly clock?: Clock;
  readonly calls?: DynamoCalls;
}): OutboxStore {
  const TableName = table.table;
  const names = { "#pk": table.partitionKey };
  const asked = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof OutboxError) throw cause;
      const { name, message } = describeError(cause);
      throw unavailable(TableName, `${name}: ${message}`, cause);
    }
  };
  /** Calls again with what was left undone, until nothing is. */
  const untilDone = async <Rest>(rest: Rest | undefined, call: (rest: Rest) => Promise<Rest | undefined>) => {
    for (let tries = 1; rest !== undefined; tries++) {
      const given = rest;
      rest = await asked(() => call(given));
      if (rest === undefined) return;
      if (tries === maxTries) throw unavailable(TableName, "it left items undone");
      await sleep(clock, pauseMs * tries);
    }
  };
  const transact = async (items: readonly TransactWriteItem[]) => {
    for (let tries = 1; ; tries++) {
      // Of a try that ended in a conflict nothing was written: the next one is a call of its own.
      const token = formatUuid(clock.fill(new Uint8Array(16)));
      const outcome = await asked(() => calls.transact(items, token));
      if (outcome !== "conflict") return outcome === "written";
      if (tries === maxTries) throw unavailable(TableName, "other transactions were in the way");
      await sleep(clock, pauseMs * tries);
    }
  };
  const items = async (places: readonly Place[], isWhole: boolean): Promise<readonly Item[]> => {
    const found: Item[] = [];
    for (const chunk of chunks(places, dynamodb.batchGetItems)) {
      const projection = isWhole
        ? {}
        : {
            ProjectionExpression: "#pk, #sk",
            ExpressionAttributeNames: { ...names, "#sk": table.sortKey },
          };
      await untilDone(
        chunk.map((place) => keyOf(table, place)),
        async (Keys) => {
          const { Responses, UnprocessedKeys } = await calls.get({
            RequestItems: { [TableName]: { Keys, ConsistentRead: true, ...projection } },
          });
          found.push(...(Responses?.[TableName] ?? []));
          const left = UnprocessedKeys?.[TableName]?.Keys;
          return left && left.length > 0 ? left : undefined;
        },
      );
    }
    return found;
  };
  /** A page of a partition, between two sort keys. */
  const page = async (
    partition: string,
    { from, to, most }: { readonly from: string; readonly to: string; readonly most: number },
  ) => {
    if (from > to) return { found: [], isEnd: true };
    const { Items = [], LastEvaluatedKey } = await asked(() =>
      calls.query({
        TableName,
        KeyConditionExpression: "#pk = :pk AND #sk BETWEEN :from AND :to",
        ExpressionAttributeNames: { ...names, "#sk": table.sortKey },
        ExpressionAttributeValues: {
          ":pk": { S: table.prefix + partition },
          ":from": { S: from },
          ":to": { S: to },
        },
        Limit: most,
      }),
    );
    const found = Items.flatMap((item) => {
      const place = placeOf(table, item);
      return place ? [{ place, item }] : [];
    });
    return { found, isEnd: LastEvaluatedKey === undefined };
  };
  const deleted = (place: Place): TransactWriteItem => ({
    Delete: {
      TableName,
      Key: keyOf(table, place),
      ConditionExpression: "attribute_exists(#pk)",
      ExpressionAttributeNames: names,
    },
  });
  const put = (item: Item): TransactWriteItem => ({ Put: { TableName, Item: item } });

  return {
    async due(shard, { beforeMs, afterMs, most, behind }) {
      const partition = outboxKeys.row + shardText(shard);
      const start = behind ? after(behind) : first;
      const old = await page(partition, { from: start, to: timeSort(beforeMs), most });
      const rows = [...old.found];
      if (old.isEnd && rows.length < most) {
        const ahead = timeSort(afterMs + 1);
        const [, from = ahead] = [start, ahead].sort();
        rows.push(...(await page(partition, { from, to: last, most: most - rows.length })).found);
      }
      return rows.map(({ place, item }) => readRow(place, item));
    },
    async stillThere(places) {
      const found = await items(places, false);
      return found.flatMap((item) => placeOf(table, item) ?? []);
    },
    async remove(places) {
      await Promise.all(
        chunks(places, dynamodb.batchWriteItems).map((chunk) =>
          untilDone(
            chunk.map((place) => ({ DeleteRequest: { Key: keyOf(table, place) } })),
            async (requests) => {
              const { UnprocessedItems } = await calls.write({ RequestItems: { [TableName]: requests } });
              const left = UnprocessedItems?.[TableName] as typeof requests | undefined;
              return left && left.length > 0 ? left : undefined;
            },
          ),
        ),
      );
    },
    async bury(place, death) {
      const [item] = await items([place], true);
      if (!item) return false;
      return transact([deleted(place), put(deadItem(table, { place: deadPlace(place), item, death }))]);
    },
    takeSweep: (shard, owner, endsMs) =>
      asked(() =>
        calls.update({
          TableName,
          Key: keyOf(table, sweepPlace(shard)),
          UpdateExpression: "SET #owner = :owner, leaseEnds = :ends",
          ConditionExpression: "attribute_not_exists(#owner) OR #owner = :owner OR leaseEnds <= :now",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: {
            ":owner": { S: owner },
            ":ends": { N: String(endsMs) },
            ":now": { N: String(clock.nowMs()) },
          },
        }),
      ),
    async endSweep(shard, owner) {
      await asked(() =>
        calls.update({
          TableName,
          Key: keyOf(table, sweepPlace(shard)),
          UpdateExpression: "REMOVE #owner, leaseEnds",
          ConditionExpression: "#owner = :owner",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":owner": { S: owner } },
        }),
      );
    },
    async dead(shard, { behind, most }) {
      const from = behind ? after(behind) : first;
      const { found } = await page(outboxKeys.dead + shardText(shard), { from, to: last, most });
      return found.map(({ place, item }) => deadRow(place, item));
    },
    async revive(place) {
      const [item] = await items([place], true);
      return item ? transact([deleted(place), put(revivedItem(table, { place, item }))]) : false;
    },
    drop: (place) => transact([deleted(place)]),
  };
}

/** The first sort key behind a row's. */
function after({ sort }: Place): string {
  return `${sort}!`;
}

function chunks<Thing>(things: readonly Thing[], most: number): readonly Thing[][] {
  const count = Math.ceil(things.length / most);
  return Array.from({ length: count }, (_, index) => things.slice(index * most, (index + 1) * most));
}

function unavailable(table: string, why: string, cause?: unknown): OutboxError {
  return new OutboxError(
    "outbox-unavailable",
    `the outbox ${table} did not answer (${why}); what waits in it is sent later`,
    { retryable: true, cause },
  );
}
