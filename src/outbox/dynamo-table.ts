import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, formatUuid, sleep } from "../clock.ts";
import { describeError, OutboxError } from "../errors.ts";
import { dynamodb } from "../limits-of-aws.ts";
import type { DynamoCalls } from "./dynamo-calls.ts";
import type { OutboxTable, Place } from "./places.ts";
import { type Item, keyOf, placeOf } from "./row.ts";

/** Tries of a call that DynamoDB answered with "later": what it left undone, or another transaction in the way. */
const maxTries = 5;
const pauseMs = 50;

/** An item, and where it lies. */
export interface Found {
  readonly place: Place;
  readonly item: Item;
}

/** What rows and lines do to the table alike. Every method throws `OutboxError` when no answer came. */
export interface DynamoTable {
  readonly outbox: OutboxTable;
  readonly clock: Clock;
  /** Makes a call; what it throws becomes an `OutboxError`. */
  ask<Answer>(call: (calls: DynamoCalls) => Promise<Answer>): Promise<Answer>;
  /** A page of a partition, between two sort keys, both included. */
  page(
    partition: string,
    terms: { readonly from: string; readonly to: string; readonly most: number; readonly isStrong?: boolean },
  ): Promise<{ readonly found: readonly Found[]; readonly isEnd: boolean }>;
  /** Items by their places, read strongly; or nothing of them but where they lie. */
  items(places: readonly Place[], terms: { readonly isWhole: boolean }): Promise<readonly Found[]>;
  /** Removes items, each for itself. */
  remove(places: readonly Place[]): Promise<void>;
  /** All of it or nothing. `false`: a condition did not hold. */
  transact(writes: readonly TransactWriteItem[]): Promise<boolean>;
  /** A removal of what is there. */
  deletion(place: Place): TransactWriteItem;
}

/** The table of an outbox, by calls of DynamoDB. */
export function dynamoTable({
  outbox,
  clock,
  calls,
}: {
  readonly outbox: OutboxTable;
  readonly clock: Clock;
  readonly calls: DynamoCalls;
}): DynamoTable {
  const TableName = outbox.table;
  const pk = { "#pk": outbox.partitionKey };
  const keys = { ...pk, "#sk": outbox.sortKey };

  const ask: DynamoTable["ask"] = async (call) => {
    try {
      return await call(calls);
    } catch (cause) {
      if (cause instanceof OutboxError) throw cause;
      const { name, message } = describeError(cause);
      throw unavailable(TableName, `${name}: ${message}`, cause);
    }
  };
  /** Calls again with what was left undone, until nothing is. */
  const untilDone = async <Rest>(
    all: Rest[],
    call: (rest: Rest[]) => Promise<Rest[] | undefined>,
  ): Promise<void> => {
    let rest = all;
    for (let tries = 1; rest.length > 0; tries++) {
      const given = rest;
      rest = (await ask(() => call(given))) ?? [];
      if (rest.length === 0) return;
      if (tries === maxTries) throw unavailable(TableName, `${rest.length} items were left undone`);
      await sleep(clock, pauseMs * tries);
    }
  };
  const foundIn = (items: readonly Item[]): readonly Found[] =>
    items.flatMap((item) => {
      const place = placeOf(outbox, item);
      return place ? [{ place, item }] : [];
    });

  return {
    ...{ outbox, clock, ask },
    async page(partition, { from, to, most, isStrong = false }) {
      if (from > to) return { found: [], isEnd: true };
      const { Items = [], LastEvaluatedKey } = await ask(({ query }) =>
        query({
          TableName,
          KeyConditionExpression: "#pk = :pk AND #sk BETWEEN :from AND :to",
          ExpressionAttributeNames: keys,
          ExpressionAttributeValues: {
            ":pk": { S: outbox.prefix + partition },
            ":from": { S: from },
            ":to": { S: to },
          },
          ConsistentRead: isStrong,
          Limit: most,
        }),
      );
      return { found: foundIn(Items), isEnd: LastEvaluatedKey === undefined };
    },
    async items(places, { isWhole }) {
      const found: Item[] = [];
      const parts = isWhole ? {} : { ProjectionExpression: "#pk, #sk", ExpressionAttributeNames: keys };
      for (const chunk of chunks(places, dynamodb.batchGetItems)) {
        await untilDone(
          chunk.map((place) => keyOf(outbox, place)),
          async (Keys) => {
            const { Responses, UnprocessedKeys } = await calls.get({
              RequestItems: { [TableName]: { Keys, ConsistentRead: true, ...parts } },
            });
            found.push(...(Responses?.[TableName] ?? []));
            return UnprocessedKeys?.[TableName]?.Keys;
          },
        );
      }
      return foundIn(found);
    },
    async remove(places) {
      await Promise.all(
        chunks(places, dynamodb.batchWriteItems).map((chunk) =>
          untilDone(
            chunk.map((place) => ({ DeleteRequest: { Key: keyOf(outbox, place) } })),
            async (requests) => {
              const { UnprocessedItems } = await calls.write({ RequestItems: { [TableName]: requests } });
              return UnprocessedItems?.[TableName] as typeof requests | undefined;
            },
          ),
        ),
      );
    },
    async transact(writes) {
      for (let tries = 1; ; tries++) {
        // Of a try that ended in a conflict nothing was written: the next one is a call of its own.
        const token = formatUuid(clock.fill(new Uint8Array(16)));
        const outcome = await ask(({ transact }) => transact(writes, token));
        if (outcome !== "conflict") return outcome === "written";
        if (tries === maxTries) throw unavailable(TableName, "other transactions were in the way");
        await sleep(clock, pauseMs * tries);
      }
    },
    deletion: (place) => ({
      Delete: {
        TableName,
        Key: keyOf(outbox, place),
        ConditionExpression: "attribute_exists(#pk)",
        ExpressionAttributeNames: pk,
      },
    }),
  };
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
