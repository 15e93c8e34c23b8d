import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { answerOf, type DynamoCalls } from "./dynamo-call.ts";

/** `DynamoCalls` through the AWS SDK. The client is loaded and made on first use, for the environment's endpoint. */
export function sdkCalls({ client }: { client?: DynamoDBClient } = {}): DynamoCalls {
  let sdk: ReturnType<typeof load> | undefined;
  const loaded = () => {
    sdk ??= load(client);
    return sdk;
  };
  return {
    get: async ({ TableName, Key }) => {
      const { made, GetItemCommand } = await loaded();
      return (await made.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
    },
    transact: async (items, ClientRequestToken) => {
      const { made, TransactWriteItemsCommand } = await loaded();
      try {
        await made.send(new TransactWriteItemsCommand({ TransactItems: [...items], ClientRequestToken }));
        return { status: "written" };
      } catch (error) {
        const answer = answerOf(error);
        if (!answer) throw error;
        return answer;
      }
    },
  };
}

async function load(given: DynamoDBClient | undefined) {
  const sdk = await import("./dynamodb-sdk.ts");
  return { made: given ?? awsClient(sdk.DynamoDBClient, { maxAttempts: 3 }), ...sdk };
}
