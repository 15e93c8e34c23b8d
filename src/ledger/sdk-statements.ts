import { BatchExecuteStatementCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../aws-client.ts";
import type { ExecuteStatements } from "./statement-port.ts";

/** `ExecuteStatements` through the AWS SDK. The client is made on first use, for the endpoint of the environment. */
export function sdkStatements({ client }: { client?: DynamoDBClient } = {}): ExecuteStatements {
  let made = client;
  return async (statements) => {
    made ??= awsClient(DynamoDBClient, { maxAttempts: 3 });
    const { Responses = [] } = await made.send(
      new BatchExecuteStatementCommand({ Statements: [...statements] }),
    );
    return Responses;
  };
}
