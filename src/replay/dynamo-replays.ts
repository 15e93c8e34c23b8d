import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { type Clock, systemClock } from "../clock.ts";
import { OmnibusError } from "../errors.ts";
import {
  jobsExpiryAttribute,
  jobsKeyAttribute as pk,
  replayPartsKey,
  replaysKey,
  jobsSortAttribute as sk,
} from "../names.ts";
import { refusalOf } from "../wire/index.ts";
import type { ReplayStore, StoredReplay } from "./ports.ts";
import type { ReplayJob } from "./replay-job.ts";

type Item = Record<string, AttributeValue>;

/** Longer than anybody asks what was replayed. */
const keptDays = 90;
const daySeconds = 86_400;

/**
 * A `ReplayStore` in a DynamoDB table (`{bus}-jobs`, keys `pk` and `sk`, expiry `expires`): an item for each, all in one partition, since
 * there are few; the parts of one in a partition of its own. Kept for 90 days after it was written last. The SDK is loaded with the first call.
 */
export function dynamoReplays({
  table,
  client: given,
  clock = systemClock,
  partition = replaysKey,
}: {
  readonly table: string;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
  /** The items' partition key. @default that of all replays of the bus */
  readonly partition?: string;
}): ReplayStore {
  const sdk = () => import("./dynamodb-sdk.ts");
  let made = given;
  const client = async () => {
    made ??= awsClient((await sdk()).DynamoDBClient, { maxAttempts: 5 });
    return made;
  };
  const keyOf = (id: string): Item => ({ [pk]: { S: partition }, [sk]: { S: id } });
  const expires = (): AttributeValue => ({
    N: String(Math.floor(clock.nowMs() / 1_000) + keptDays * daySeconds),
  });
  const names = { "#owner": "owner" };

  /** Changes an item where the condition holds; `undefined`, or what stood in the way. */
  const update = async (
    id: string,
    change: { readonly set: string; readonly where: string; readonly values: Item },
  ): Promise<{ readonly written: boolean; readonly item: Item }> => {
    const { UpdateItemCommand } = await sdk();
    const named = [change.set, change.where].some((text) => text.includes("#owner"));
    try {
      const { Attributes = {} } = await (await client()).send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(id),
          UpdateExpression: change.set,
          ConditionExpression: change.where,
          ...(named ? { ExpressionAttributeNames: names } : {}),
          ExpressionAttributeValues: change.values,
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { written: true, item: Attributes };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal?.status !== "refused") throw error;
      return { written: false, item: refusal.items[0] ?? {} };
    }
  };
  const jobValues = (job: ReplayJob, owner: string): Item => ({
    ":job": { S: JSON.stringify(job) },
    ":owner": { S: owner },
    ":expires": expires(),
  });

  return {
    async create(job) {
      const { PutItemCommand } = await sdk();
      const Item = {
        ...keyOf(job.id),
        job: { S: JSON.stringify(job) },
        ended: { BOOL: job.state === "done" },
        [jobsExpiryAttribute]: expires(),
      };
      try {
        await (await client()).send(
          new PutItemCommand({ TableName: table, Item, ConditionExpression: `attribute_not_exists(${sk})` }),
        );
      } catch (error) {
        if (refusalOf(error)?.status !== "refused") throw error;
        throw new OmnibusError("replay-exists", `there is a replay ${job.id} already`);
      }
    },
    async begin(id, owner, leaseEndsMs) {
      const { written, item } = await update(id, {
        set: "SET #owner = :owner, leaseEnds = :ends",
        where: `attribute_exists(${sk}) AND attribute_not_exists(cancelled) AND (attribute_not_exists(#owner) OR #owner = :owner OR leaseEnds <= :now)`,
        values: {
          ":owner": { S: owner },
          ":ends": { N: String(leaseEndsMs) },
          ":now": { N: String(clock.nowMs()) },
        },
      });
      if (written) return { status: "ours", job: jobOf(item) };
      if (item.job === undefined) return { status: "unknown" };
      if (item.cancelled) return { status: "cancelled" };
      return { status: "held", untilMs: Number(item.leaseEnds?.N ?? 0) };
    },
    async save(job, owner, leaseEndsMs) {
      const { written, item } = await update(job.id, {
        set: `SET job = :job, leaseEnds = :ends, ${jobsExpiryAttribute} = :expires`,
        where: "#owner = :owner AND attribute_not_exists(cancelled)",
        values: { ...jobValues(job, owner), ":ends": { N: String(leaseEndsMs) } },
      });
      if (written) return "saved";
      return item.owner?.S === owner ? "cancelled" : "lost";
    },
    async end(job, owner) {
      await update(job.id, {
        set: `SET job = :job, ended = :ended, ${jobsExpiryAttribute} = :expires REMOVE #owner, leaseEnds`,
        where: "#owner = :owner",
        values: { ...jobValues(job, owner), ":ended": { BOOL: job.state === "done" } },
      });
    },
    async cancel(id) {
      const { written } = await update(id, {
        set: "SET cancelled = :yes",
        where: `attribute_exists(${sk}) AND ended <> :yes`,
        values: { ":yes": { BOOL: true } },
      });
      return written;
    },
    async find(id) {
      const { GetItemCommand } = await sdk();
      const { Item } = await (await client()).send(
        new GetItemCommand({ TableName: table, Key: keyOf(id), ConsistentRead: true }),
      );
      return Item && storedOf(Item);
    },
    async list() {
      const { QueryCommand } = await sdk();
      const found: StoredReplay[] = [];
      let start: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await (await client()).send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: `${pk} = :pk`,
            ExpressionAttributeValues: { ":pk": { S: partition } },
            ConsistentRead: true,
            ScanIndexForward: false,
            ...(start ? { ExclusiveStartKey: start } : {}),
          }),
        );
        found.push(...Items.map(storedOf));
        start = LastEvaluatedKey;
      } while (start);
      return found;
    },
    parts: (id) =>
      dynamoReplays({ table, ...(given ? { client: given } : {}), clock, partition: replayPartsKey(id) }),
  };
}

function storedOf(item: Item): StoredReplay {
  return { job: jobOf(item), heldUntilMs: item.owner ? Number(item.leaseEnds?.N ?? 0) : 0 };
}

/** What was cancelled is so, whatever it was doing. */
function jobOf(item: Item): ReplayJob {
  const job = JSON.parse(item.job?.S ?? "{}") as ReplayJob;
  return item.cancelled && job.state !== "done" ? { ...job, state: "cancelled" } : job;
}
