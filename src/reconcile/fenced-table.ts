import type { AttributeValue, DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { type Clock, sleep } from "../clock.ts";
import { jobsKeyAttribute as pk, jobsSortAttribute as sk } from "../names.ts";

export type Item = Record<string, AttributeValue>;

/** A condition, and the values it compares with. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Item;
}

/** DynamoDB reads 100 items and 16 MB in one call. (BatchGetItem) */
const readAtOnce = 100;
/** Two writes that met: the next one goes through. */
const maxConflicts = 5;
/** Reads that DynamoDB has left undone are asked again, after a pause. */
const maxRounds = 8;
const pauseMs = 50;

/** The few things that reconciliation does to the jobs' table. The SDK is loaded with the first. */
export function fencedTable({
  table,
  client: given,
  clock,
}: {
  readonly table: string;
  readonly client: DynamoDBClient | undefined;
  readonly clock: Clock;
}) {
  const sdk = () => import("./dynamodb-sdk.ts");
  let made = given;
  const client = async () => {
    made ??= awsClient((await sdk()).DynamoDBClient, { maxAttempts: 5 });
    return made;
  };

  return {
    table,

    /** Writes one item where the condition holds; answers what is there then, or what stood in the way. */
    async update(
      key: Item,
      expression: string,
      { expression: condition, names, values }: Condition,
    ): Promise<{ readonly written: boolean; readonly item: Item }> {
      const { UpdateItemCommand } = await sdk();
      try {
        const { Attributes = {} } = await (await client()).send(
          new UpdateItemCommand({
            TableName: table,
            Key: key,
            UpdateExpression: expression,
            ConditionExpression: condition,
            ...(names && { ExpressionAttributeNames: names }),
            ExpressionAttributeValues: values,
            ReturnValues: "ALL_NEW",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return { written: true, item: Attributes };
      } catch (error) {
        if (!isNamed(error, "ConditionalCheckFailedException")) throw error;
        return { written: false, item: (error as { Item?: Item }).Item ?? {} };
      }
    },

    /** All of the writes, or none: where the first, a condition, holds. Says whether it did. */
    async transact(writes: readonly TransactWriteItem[]): Promise<boolean> {
      const { TransactWriteItemsCommand } = await sdk();
      const command = new TransactWriteItemsCommand({ TransactItems: [...writes] });
      for (let conflicts = 0; ; conflicts++) {
        try {
          await (await client()).send(command);
          return true;
        } catch (error) {
          const [first, ...others] = reasonsOf(error);
          if (first === "ConditionalCheckFailed") return false;
          const met = [first, ...others].includes("TransactionConflict");
          if (!met || conflicts === maxConflicts) throw error;
        }
      }
    },

    /** Items by their keys, in the order asked; `undefined` where there is none. */
    async get(keys: readonly Item[]): Promise<readonly (Item | undefined)[]> {
      const { BatchGetItemCommand } = await sdk();
      const found = new Map<string, Item>();
      for (let at = 0; at < keys.length; at += readAtOnce) {
        let Keys = [...new Map(keys.slice(at, at + readAtOnce).map((key) => [nameOf(key), key])).values()];
        for (let round = 1; Keys.length > 0; round++) {
          const { Responses, UnprocessedKeys } = await (await client()).send(
            new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
          );
          for (const item of Responses?.[table] ?? []) found.set(nameOf(item), item);
          Keys = UnprocessedKeys?.[table]?.Keys ?? [];
          if (Keys.length === 0) break;
          if (round === maxRounds) throw new Error(`${table} leaves ${Keys.length} reads undone: throttled`);
          await sleep(clock, pauseMs * 2 ** round);
        }
      }
      return keys.map((key) => found.get(nameOf(key)));
    },

    /** One page of the items under a partition key, by their sort keys. */
    async page(
      partition: string,
      { cursor, limit, newest = false }: { cursor: string | undefined; limit: number; newest?: boolean },
    ): Promise<{ readonly items: readonly Item[]; readonly cursor: string | undefined }> {
      const { QueryCommand } = await sdk();
      const start = cursor === undefined ? {} : { ExclusiveStartKey: keyOf(partition, cursor) };
      const { Items = [], LastEvaluatedKey } = await (await client()).send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: `${pk} = :pk`,
          ExpressionAttributeValues: { ":pk": { S: partition } },
          ConsistentRead: true,
          Limit: limit,
          ScanIndexForward: !newest,
          ...start,
        }),
      );
      return { items: Items, cursor: LastEvaluatedKey?.[sk]?.S };
    },

    /** Deletes items; one that is not there is no error. */
    async remove(keys: readonly Item[]): Promise<void> {
      const { DeleteItemCommand } = await sdk();
      for (const Key of keys) await (await client()).send(new DeleteItemCommand({ TableName: table, Key }));
    },
  };
}

export type FencedTable = ReturnType<typeof fencedTable>;

/** A primary key of the jobs' table. */
export function keyOf(partition: string, sort: string): Item {
  return { [pk]: { S: partition }, [sk]: { S: sort } };
}

function nameOf(item: Item): string {
  return JSON.stringify([item[pk]?.S, item[sk]?.S]);
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function reasonsOf(error: unknown): readonly (string | undefined)[] {
  if (!isNamed(error, "TransactionCanceledException")) return [];
  const { CancellationReasons = [] } = error as { CancellationReasons?: readonly { Code?: string }[] };
  return CancellationReasons.map(({ Code }) => Code);
}
