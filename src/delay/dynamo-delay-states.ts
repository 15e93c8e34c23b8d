import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import {
  delayKey,
  jobsExpiryAttribute as expires,
  jobsKeyAttribute as pk,
  jobsSortAttribute as sk,
} from "../names.ts";
import type { DelayState, DelayStates } from "./ports.ts";

/** `DelayStates` in the table `{bus}-jobs`: an item for each event, and one write for each decision. */
export function dynamoDelayStates({
  table,
  region,
  client: given,
}: {
  readonly table: string;
  readonly region?: string | undefined;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
}): DelayStates {
  let made: DynamoDBClient | undefined = given;
  const keyOf = (key: string) => ({ [pk]: { S: delayKey(key) }, [sk]: { S: "state" } });
  return {
    async decide(key, to, expiresMs) {
      const { DynamoDBClient, UpdateItemCommand } = await import("./dynamodb-sdk.ts");
      made ??= awsClient(DynamoDBClient, { maxAttempts: 5, region });
      const { Attributes } = await made.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(key),
          // What is decided stays.
          UpdateExpression:
            "SET #v = :v, #state = if_not_exists(#state, :to), #expires = if_not_exists(#expires, :expires)",
          ExpressionAttributeNames: { "#v": "v", "#state": "state", "#expires": expires },
          ExpressionAttributeValues: {
            ":v": { N: "1" },
            ":to": { S: to },
            ":expires": { N: String(Math.ceil(expiresMs / 1_000)) },
          },
          ReturnValues: "ALL_NEW",
        }),
      );
      return Attributes?.state?.S as DelayState;
    },
    async read(key) {
      const { DynamoDBClient, GetItemCommand } = await import("./dynamodb-sdk.ts");
      made ??= awsClient(DynamoDBClient, { maxAttempts: 5, region });
      const { Item } = await made.send(
        new GetItemCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true }),
      );
      return Item?.state?.S as DelayState | undefined;
    },
  };
}
