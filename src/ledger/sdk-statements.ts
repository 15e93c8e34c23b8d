import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import type { ExecuteStatements } from "./statement-port.ts";

/**
 * `ExecuteStatements` through the AWS SDK. The client is loaded and made on first use, for the endpoint of the
 * environment.
 */
export function sdkStatements({ client }: { client?: DynamoDBClient } = {}): ExecuteStatements {
  let sdk: ReturnType<typeof load> | undefined;
  return async (statements) => {
    sdk ??= load(client);
    const { made, BatchExecuteStatementCommand } = await sdk;
    const { Responses = [] } = await made.send(
      new BatchExecuteStatementCommand({ Statements: [...statements] }),
    );
    return Responses;
  };
}

async function load(given: DynamoDBClient | undefined) {
  const { BatchExecuteStatementCommand, DynamoDBClient } = await import("./dynamodb-sdk.ts");
  return { made: given ?? awsClient(DynamoDBClient, { maxAttempts: 3 }), BatchExecuteStatementCommand };
}
