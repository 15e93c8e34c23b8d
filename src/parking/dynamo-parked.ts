import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, formatUuid, sleep, systemClock } from "../clock.ts";
import { describeError, ParkingError } from "../errors.ts";
import { parkedKeyAttribute as pk, parkedSortAttribute as sk } from "../names.ts";
import { defaultCalls } from "./default-calls.ts";
import type { DynamoCalls, Item } from "./dynamo-call.ts";
import { partsOf } from "./message-parts.ts";
import {
  lineItem,
  linePartition,
  linePlace,
  markerItem,
  markerKey,
  markerPartitions,
  readLine,
  readMarker,
} from "./parked-items.ts";
import type { GroupChange, ParkedPage, ParkedStore } from "./ports.ts";

/** Tries of a call that DynamoDB answered with "later": what it left undone, or another transaction in the way. */
const maxTries = 5;
const pauseMs = 50;
/** Items of a line in one read: they leave it in one transaction, beside what joins. */
const itemsAtOnce = 30;

/**
 * A `ParkedStore` in the table `{bus}-parked` (keys `pk` and `sk`): an item for each marker, one or more for each message
 * of a line. A batch costs one read for its groups; a change is one transaction.
 */
export function dynamoParked({
  table,
  clock = systemClock,
  calls = defaultCalls(),
}: {
  readonly table: string;
  readonly clock?: Clock;
  readonly calls?: DynamoCalls;
}): ParkedStore {
  const asked = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await call();
    } catch (cause) {
      if (cause instanceof ParkingError) throw cause;
      const { name, message } = describeError(cause);
      throw unavailable(table, `${name}: ${message}`, cause);
    }
  };
  const page = (condition: string, values: Item, more: { Limit?: number; start: Item | undefined }) =>
    asked(() =>
      calls.query({
        TableName: table,
        KeyConditionExpression: condition,
        ExpressionAttributeValues: values,
        ConsistentRead: true,
        ...(more.Limit === undefined ? {} : { Limit: more.Limit }),
        ...(more.start === undefined ? {} : { ExclusiveStartKey: more.start }),
      }),
    );

  return {
    async read(consumer, groups) {
      const found: Item[] = [];
      let keys = groups.map((group) => markerKey(consumer, group));
      for (let tries = 1; keys.length > 0; tries++) {
        const input = { RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } };
        const { Responses, UnprocessedKeys } = await asked(() => calls.get(input));
        found.push(...(Responses?.[table] ?? []));
        keys = UnprocessedKeys?.[table]?.Keys ?? [];
        if (keys.length === 0) break;
        if (tries === maxTries) throw unavailable(table, `${keys.length} markers were left unread`);
        await sleep(clock, pauseMs * tries);
      }
      return new Map(found.map(readMarker).map((marker) => [marker.group, marker]));
    },

    async change(change) {
      const items = transactionOf(table, change);
      for (let tries = 1; ; tries++) {
        // Of a try that ended in a conflict nothing was written: the next one is a call of its own.
        const token = formatUuid(clock.fill(new Uint8Array(16)));
        const outcome = await asked(() => calls.transact(items, token));
        if (outcome !== "conflict") return outcome === "written";
        if (tries === maxTries) throw unavailable(table, "other transactions were in the way");
        await sleep(clock, pauseMs * tries);
      }
    },

    async line(consumer, group, from, most) {
      const values = {
        ":pk": { S: linePartition(consumer, group) },
        ":from": { S: linePlace(from) },
      };
      const items: Item[] = [];
      let start: Item | undefined;
      for (let pages = 1; ; pages++) {
        const { Items = [], LastEvaluatedKey } = await page(`${pk} = :pk AND ${sk} >= :from`, values, {
          Limit: itemsAtOnce,
          start,
        });
        items.push(...Items);
        start = LastEvaluatedKey;
        const whole = readLine(items);
        // A message larger than a page comes alone: what leaves the line fits into one transaction then.
        if (whole.length > 0) return whole.slice(0, pages > 1 ? 1 : most);
        if (start === undefined) return [];
      }
    },

    async list(consumer, cursor): Promise<ParkedPage> {
      const partitions = markerPartitions(consumer);
      const at = Number(cursor ?? 0);
      const values = { ":pk": { S: partitions[at] ?? "" } };
      const items: Item[] = [];
      let start: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await page(`${pk} = :pk`, values, { start });
        items.push(...Items);
        start = LastEvaluatedKey;
      } while (start !== undefined);
      const next = at + 1 < partitions.length ? { cursor: String(at + 1) } : {};
      return { groups: items.map(readMarker), ...next };
    },
  };
}

function transactionOf(
  table: string,
  { consumer, group, from, to, put, remove }: GroupChange,
): TransactWriteItem[] {
  const condition =
    from === 0
      ? { ConditionExpression: `attribute_not_exists(${pk})` }
      : {
          ConditionExpression: "revision = :from",
          ExpressionAttributeValues: { ":from": { N: String(from) } },
        };
  const marker: TransactWriteItem = to
    ? { Put: { TableName: table, Item: markerItem(to), ...condition } }
    : { Delete: { TableName: table, Key: markerKey(consumer, group), ...condition } };
  const joining = put.flatMap(({ place, message }) => {
    const texts = partsOf(message);
    return texts.map((_, part) => ({
      Put: { TableName: table, Item: lineItem({ consumer, group }, place, texts, part) },
    }));
  });
  const leaving = remove.flatMap(({ place, parts }) =>
    Array.from({ length: parts }, (_, part) => {
      const Key = { [pk]: { S: linePartition(consumer, group) }, [sk]: { S: linePlace(place, part) } };
      return { Delete: { TableName: table, Key } };
    }),
  );
  return [marker, ...joining, ...leaving];
}

function unavailable(table: string, why: string, cause?: unknown): ParkingError {
  return new ParkingError(
    "parking-unavailable",
    `the table of parked groups ${table} did not answer (${why}); nothing of an ordered group is handled without it`,
    { retryable: true, cause },
  );
}
