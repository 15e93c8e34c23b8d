import { createHash } from "node:crypto";
import type { AttributeValue, DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { type Clock, systemClock } from "../clock.ts";
import { jobsKeyAttribute as pk, jobsSortAttribute as sk } from "../names.ts";
import type { Difference } from "./difference.ts";
import type { OpenDifference, Progress, ReconcileStore } from "./state.ts";

/** DynamoDB takes 100 writes and 4 MB in one transaction; differences are small, a few of them large. */
const writesAtOnce = 20;
/** An item is 400 KB at most: of a key that is there over and over, this many entries of a side are told. */
const entriesTold = 50;
const pageSize = 100;
/** Two writes that met: the next one goes through. */
const maxConflicts = 5;

type Item = Record<string, AttributeValue>;

/**
 * A `ReconcileStore` in a DynamoDB table (`{bus}-jobs`, keys `pk` and `sk`): an item for each job, one for each open
 * difference. Every write is conditional on the job's owner, in the same transaction.
 */
export function dynamoReconcileStore({
  table,
  client: given,
  clock = systemClock,
}: {
  readonly table: string;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
}): ReconcileStore {
  const sdk = () => import("./dynamodb-sdk.ts");
  let made: DynamoDBClient | undefined = given;
  const client = async () => {
    made ??= awsClient((await sdk()).DynamoDBClient, { maxAttempts: 5 });
    return made;
  };
  const jobKey = (job: string): Item => ({ [pk]: { S: `job#${job}` }, [sk]: { S: "state" } });
  const openKey = (job: string, key: string): Item => ({
    [pk]: { S: `open#${job}` },
    [sk]: { S: createHash("sha256").update(key).digest("hex") },
  });
  const isOurs = "#owner = :owner";
  const names = { "#owner": "owner" };

  /** Writes where the lease is this owner's, and says whether it was. */
  const update = async (job: string, owner: string, expression: string, values: Item): Promise<boolean> => {
    const { UpdateItemCommand } = await sdk();
    try {
      await (await client()).send(
        new UpdateItemCommand({
          TableName: table,
          Key: jobKey(job),
          UpdateExpression: expression,
          ConditionExpression: isOurs,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ":owner": { S: owner }, ...values },
        }),
      );
      return true;
    } catch (error) {
      if (isNamed(error, "ConditionalCheckFailedException")) return false;
      throw error;
    }
  };
  /** All of the writes, or none, where the lease is this owner's. */
  const fenced = async (
    job: string,
    owner: string,
    writes: readonly TransactWriteItem[],
  ): Promise<boolean> => {
    const { TransactWriteItemsCommand } = await sdk();
    const check: TransactWriteItem = {
      ConditionCheck: {
        TableName: table,
        Key: jobKey(job),
        ConditionExpression: isOurs,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ":owner": { S: owner } },
      },
    };
    const command = new TransactWriteItemsCommand({ TransactItems: [check, ...writes] });
    for (let conflicts = 0; ; conflicts++) {
      try {
        await (await client()).send(command);
        return true;
      } catch (error) {
        const [ofCheck, ...ofWrites] = reasonsOf(error);
        if (ofCheck === "ConditionalCheckFailed") return false;
        const met = [ofCheck, ...ofWrites].includes("TransactionConflict");
        if (!met || conflicts === maxConflicts) throw error;
      }
    }
  };
  const inParts = async <T>(
    all: readonly T[],
    job: string,
    owner: string,
    writeOf: (one: T) => TransactWriteItem,
  ): Promise<boolean> => {
    for (let at = 0; at < all.length; at += writesAtOnce) {
      if (!(await fenced(job, owner, all.slice(at, at + writesAtOnce).map(writeOf)))) return false;
    }
    return true;
  };

  return {
    async begin(job, owner, leaseEndsMs) {
      const { UpdateItemCommand } = await sdk();
      try {
        const { Attributes } = await (await client()).send(
          new UpdateItemCommand({
            TableName: table,
            Key: jobKey(job),
            UpdateExpression: "SET #owner = :owner, leaseEnds = :ends",
            ConditionExpression: `attribute_not_exists(#owner) OR ${isOurs} OR leaseEnds <= :now`,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: {
              ":owner": { S: owner },
              ":ends": { N: String(leaseEndsMs) },
              ":now": { N: String(clock.nowMs()) },
            },
            ReturnValues: "ALL_NEW",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        const progress = Attributes?.progress?.S;
        return {
          status: "ours",
          progress: progress === undefined ? undefined : (JSON.parse(progress) as Progress),
        };
      } catch (error) {
        if (!isNamed(error, "ConditionalCheckFailedException")) throw error;
        const { Item } = error as { Item?: Item };
        return { status: "held", untilMs: Number(Item?.leaseEnds?.N ?? 0) };
      }
    },
    save: (job, owner, progress, leaseEndsMs) =>
      update(job, owner, "SET progress = :progress, leaseEnds = :ends", {
        ":progress": { S: JSON.stringify(progress) },
        ":ends": { N: String(leaseEndsMs) },
      }),
    open: (job, owner, differences) =>
      inParts(lastOfEachKey(differences), job, owner, ({ difference, firstSeenMs, lastSeenMs }) => ({
        Update: {
          TableName: table,
          Key: openKey(job, difference.key),
          UpdateExpression:
            "SET difference = :difference, lastSeen = :last, firstSeen = if_not_exists(firstSeen, :first)",
          ExpressionAttributeValues: {
            ":difference": { S: JSON.stringify(told(difference)) },
            ":first": { N: String(firstSeenMs) },
            ":last": { N: String(lastSeenMs) },
          },
        },
      })),
    close: (job, owner, keys) =>
      inParts([...new Set(keys)], job, owner, (key) => ({
        Delete: { TableName: table, Key: openKey(job, key) },
      })),
    async list(job, cursor) {
      const { QueryCommand } = await sdk();
      const { Items = [], LastEvaluatedKey } = await (await client()).send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: `${pk} = :pk`,
          ExpressionAttributeValues: { ":pk": { S: `open#${job}` } },
          ConsistentRead: true,
          Limit: pageSize,
          ...(cursor === undefined
            ? {}
            : { ExclusiveStartKey: { [pk]: { S: `open#${job}` }, [sk]: { S: cursor } } }),
        }),
      );
      return { open: Items.map(openOf), cursor: LastEvaluatedKey?.[sk]?.S };
    },
    async end(job, owner) {
      await update(job, owner, "REMOVE #owner, leaseEnds", {});
    },
  };
}

/** DynamoDB refuses one key twice in a transaction. */
function lastOfEachKey(differences: readonly OpenDifference[]): readonly OpenDifference[] {
  return [...new Map(differences.map((one) => [one.difference.key, one])).values()];
}

function told(difference: Difference): Difference {
  const { left, right } = difference;
  return { ...difference, left: left.slice(0, entriesTold), right: right.slice(0, entriesTold) };
}

function openOf(item: Item): OpenDifference {
  return {
    difference: JSON.parse(item.difference?.S ?? "null") as Difference,
    firstSeenMs: Number(item.firstSeen?.N),
    lastSeenMs: Number(item.lastSeen?.N),
  };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function reasonsOf(error: unknown): readonly (string | undefined)[] {
  if (!isNamed(error, "TransactionCanceledException")) return [];
  const { CancellationReasons = [] } = error as { CancellationReasons?: readonly { Code?: string }[] };
  return CancellationReasons.map(({ Code }) => Code);
}
