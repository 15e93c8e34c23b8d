import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { type Clock, systemClock } from "../clock.ts";
import { leaseKey, jobsKeyAttribute as pk, jobsSortAttribute as sk } from "../names.ts";
import type { Leases } from "./ports.ts";

type Item = Record<string, AttributeValue>;

/** `Leases` in a DynamoDB table (`{bus}-jobs`, keys `pk` and `sk`): an item for each name, written on condition of its owner. */
export function dynamoLeases({
  table,
  client: given,
  clock = systemClock,
}: {
  readonly table: string;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
}): Leases {
  const sdk = () => import("./dynamodb-sdk.ts");
  let made: DynamoDBClient | undefined = given;

  /** Writes where the condition holds, and says what stood in the way where it did not. */
  const update = async (
    name: string,
    { set, condition, values }: { set: string; condition: string; values: Item },
  ): Promise<{ written: true } | { written: false; item: Item }> => {
    const { DynamoDBClient, UpdateItemCommand } = await sdk();
    made ??= awsClient(DynamoDBClient, { maxAttempts: 5 });
    try {
      await made.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { [pk]: { S: leaseKey(name) }, [sk]: { S: "lease" } },
          UpdateExpression: set,
          ConditionExpression: condition,
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: values,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { written: true };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ConditionalCheckFailedException") throw error;
      return { written: false, item: (error as { Item?: Item }).Item ?? {} };
    }
  };
  const isOurs = "#owner = :owner";
  const until = "SET #owner = :owner, leaseEnds = :ends";
  const valuesOf = (owner: string, endsMs: number): Item => ({
    ":owner": { S: owner },
    ":ends": { N: String(endsMs) },
  });

  return {
    async take(name, owner, endsMs) {
      const result = await update(name, {
        set: until,
        condition: `attribute_not_exists(#owner) OR ${isOurs} OR leaseEnds <= :now`,
        values: { ...valuesOf(owner, endsMs), ":now": { N: String(clock.nowMs()) } },
      });
      if (result.written) return { status: "ours" };
      return { status: "held", untilMs: Number(result.item.leaseEnds?.N ?? 0) };
    },
    async renew(name, owner, endsMs) {
      const result = await update(name, { set: until, condition: isOurs, values: valuesOf(owner, endsMs) });
      return result.written;
    },
    async release(name, owner) {
      await update(name, {
        set: "REMOVE #owner, leaseEnds",
        condition: isOurs,
        values: { ":owner": { S: owner } },
      });
    },
  };
}
