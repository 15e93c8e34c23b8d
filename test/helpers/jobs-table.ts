import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import type { TestDynamoDB } from "./start-dynamodb.ts";

/** Makes a table as a bus has it for its jobs. */
export async function createJobsTable({ client }: Pick<TestDynamoDB, "client">, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
}
