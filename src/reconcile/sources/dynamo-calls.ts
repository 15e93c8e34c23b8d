import type {
  AttributeValue,
  DynamoDBClient,
  QueryCommandInput,
  WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { awsClient } from "../../aws-client.ts";
import { type Clock, sleep } from "../../clock.ts";

export type DynamoItem = Record<string, AttributeValue>;

/** A part of a table to read: a query on it or on an index of it; nothing at all scans. */
export type DynamoRead = Partial<
  Pick<
    QueryCommandInput,
    | "IndexName"
    | "KeyConditionExpression"
    | "FilterExpression"
    | "ExpressionAttributeNames"
    | "ExpressionAttributeValues"
    | "ProjectionExpression"
  >
>;

/** What was consumed of DynamoDB's units. */
export interface DynamoConsumed {
  readUnits: number;
  writeUnits: number;
}

const getsAtOnce = 100;
const writesAtOnce = 25;
/** Tries of what DynamoDB left over, being throttled; each waits twice as long as the one before. */
const maxTries = 8;
const firstWaitMs = 50;

/** The calls that a table as a source needs; each counts its units. */
export function dynamoCalls({
  client: given,
  clock,
  consumed,
}: {
  readonly client: DynamoDBClient | undefined;
  readonly clock: Clock;
  readonly consumed: DynamoConsumed;
}) {
  let loaded: ReturnType<typeof load> | undefined;
  const sdk = () => {
    loaded ??= load(given);
    return loaded;
  };
  const read = (units: number | undefined) => {
    consumed.readUnits += units ?? 0;
  };
  const total = (all: readonly { readonly CapacityUnits?: number | undefined }[] | undefined) =>
    (all ?? []).reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  /** Does a call again for what it left over. */
  const untilDone = async <T>(all: readonly T[], call: (some: readonly T[]) => Promise<readonly T[]>) => {
    let rest = all;
    for (let tries = 1; rest.length > 0; tries++) {
      rest = await call(rest);
      if (rest.length === 0) return;
      if (tries === maxTries)
        throw new Error(`DynamoDB left ${rest.length} items over, ${maxTries} times: throttled`);
      await sleep(clock, firstWaitMs * 2 ** tries);
    }
  };

  return {
    /** One page of a part of a table. */
    async page(table: string, part: DynamoRead, start: DynamoItem | undefined, consistent = false) {
      const { client, QueryCommand, ScanCommand } = await sdk();
      const input = {
        ...part,
        TableName: table,
        ConsistentRead: consistent && part.IndexName === undefined,
        ReturnConsumedCapacity: "TOTAL" as const,
        ...(start && { ExclusiveStartKey: start }),
      };
      const { Items, ScannedCount, LastEvaluatedKey, ConsumedCapacity } =
        part.KeyConditionExpression === undefined
          ? await client.send(new ScanCommand(input))
          : await client.send(new QueryCommand(input));
      read(ConsumedCapacity?.CapacityUnits);
      return {
        items: (Items ?? []) as readonly DynamoItem[],
        scanned: ScannedCount ?? 0,
        next: LastEvaluatedKey,
      };
    },

    /** The items that are there, in any order; `keys` without repetition. Not consistent, it costs half. */
    async get(
      table: string,
      keys: readonly DynamoItem[],
      { consistent }: { readonly consistent: boolean },
    ): Promise<readonly DynamoItem[]> {
      const { client, BatchGetItemCommand } = await sdk();
      const found: DynamoItem[] = [];
      for (let at = 0; at < keys.length; at += getsAtOnce) {
        await untilDone(keys.slice(at, at + getsAtOnce), async (some) => {
          const { Responses, UnprocessedKeys, ConsumedCapacity } = await client.send(
            new BatchGetItemCommand({
              RequestItems: { [table]: { Keys: [...some], ConsistentRead: consistent } },
              ReturnConsumedCapacity: "TOTAL",
            }),
          );
          read(total(ConsumedCapacity));
          found.push(...(Responses?.[table] ?? []));
          return UnprocessedKeys?.[table]?.Keys ?? [];
        });
      }
      return found;
    },

    /** Puts or deletes, each key at most once. */
    async write(table: string, requests: readonly WriteRequest[]): Promise<void> {
      const { client, BatchWriteItemCommand } = await sdk();
      for (let at = 0; at < requests.length; at += writesAtOnce) {
        await untilDone(requests.slice(at, at + writesAtOnce), async (some) => {
          const { UnprocessedItems, ConsumedCapacity } = await client.send(
            new BatchWriteItemCommand({
              RequestItems: { [table]: [...some] },
              ReturnConsumedCapacity: "TOTAL",
            }),
          );
          consumed.writeUnits += total(ConsumedCapacity);
          return UnprocessedItems?.[table] ?? [];
        });
      }
    },
  };
}

export type DynamoTableCalls = ReturnType<typeof dynamoCalls>;

async function load(given: DynamoDBClient | undefined) {
  const sdk = await import("../dynamodb-sdk.ts");
  return { ...sdk, client: given ?? awsClient(sdk.DynamoDBClient, { maxAttempts: 5 }) };
}
