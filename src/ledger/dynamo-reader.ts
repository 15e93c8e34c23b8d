import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { type Clock, sleep, systemClock } from "../clock.ts";
import { LedgerError } from "../errors.ts";
import { ledgerExpiryAttribute, ledgerKeyAttribute as pk } from "../names.ts";
import { readItem } from "./dynamo-items.ts";
import type { LedgerItem } from "./item.ts";
import type { LedgerReader } from "./ledger-reader.ts";

/** DynamoDB reads 100 items in one call. (API_BatchGetItem) */
const readAtOnce = 100;
/** Reads that DynamoDB has left undone are asked again, after a pause. */
const maxRounds = 8;
const pauseMs = 50;

/** All but the emitted events, which may be large. Some are words of DynamoDB's own. */
const attributes = [
  pk,
  ...[
    "v",
    "consumer",
    "source",
    "id",
    "type",
    "time",
    "hash",
    "state",
    "owner",
    "lease",
    "attempts",
    "result",
    "ended",
  ],
  ...["reason", "replay", ledgerExpiryAttribute],
];
const names = Object.fromEntries(attributes.map((name) => [`#${name}`, name]));

/** A `LedgerReader` of a DynamoDB table (`{bus}-ledger`). The SDK is loaded with the first read. */
export function dynamoLedgerReader({
  table,
  client: given,
  clock = systemClock,
}: {
  readonly table: string;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
}): LedgerReader {
  let made = given;
  const readSome = async (keys: readonly string[], found: Map<string, LedgerItem>) => {
    const { BatchGetItemCommand, DynamoDBClient } = await import("./dynamodb-sdk.ts");
    made ??= awsClient(DynamoDBClient, { maxAttempts: 5 });
    let Keys = keys.map((key) => ({ [pk]: { S: key } })) as Record<string, { S: string }>[];
    for (let round = 1; Keys.length > 0; round++) {
      const { Responses, UnprocessedKeys } = await made.send(
        new BatchGetItemCommand({
          RequestItems: {
            [table]: {
              Keys,
              ConsistentRead: true,
              ProjectionExpression: Object.keys(names).join(),
              ExpressionAttributeNames: names,
            },
          },
        }),
      );
      for (const attributes of Responses?.[table] ?? []) {
        const item = readItem(attributes);
        if (item) found.set(item.key, item);
      }
      Keys = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof Keys;
      if (Keys.length === 0) return;
      if (round === maxRounds)
        throw new LedgerError(`${table} leaves ${Keys.length} reads undone: throttled`);
      await sleep(clock, pauseMs * 2 ** round);
    }
  };

  return {
    async read(keys) {
      const found = new Map<string, LedgerItem>();
      const once = [...new Set(keys)];
      for (let at = 0; at < once.length; at += readAtOnce) {
        await readSome(once.slice(at, at + readAtOnce), found);
      }
      return keys.map((key) => found.get(key));
    },
  };
}
