import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import { refusalOf } from "../wire/index.ts";
import type { DynamoCalls } from "./dynamo-call.ts";

/** `DynamoCalls` through the AWS SDK. The client is loaded and made on first use, for the environment's endpoint. */
export function sdkCalls({ client }: { client?: DynamoDBClient } = {}): DynamoCalls {
  let sdk: ReturnType<typeof load> | undefined;
  const loaded = () => {
    sdk ??= load(client);
    return sdk;
  };
  return {
    get: async (input) => {
      const { made, BatchGetItemCommand } = await loaded();
      return made.send(new BatchGetItemCommand(input));
    },
    query: async (input) => {
      const { made, QueryCommand } = await loaded();
      return made.send(new QueryCommand(input));
    },
    transact: async (items, ClientRequestToken) => {
      const { made, TransactWriteItemsCommand } = await loaded();
      try {
        await made.send(new TransactWriteItemsCommand({ TransactItems: [...items], ClientRequestToken }));
        return "written";
      } catch (error) {
        const refusal = refusalOf(error);
        if (!refusal) throw error;
        return refusal.status;
      }
    },
  };
}

async function load(given: DynamoDBClient | undefined) {
  const sdk = await import("./dynamodb-sdk.ts");
  return { made: given ?? awsClient(sdk.DynamoDBClient, { maxAttempts: 3 }), ...sdk };
}
