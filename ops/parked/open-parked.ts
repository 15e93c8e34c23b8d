import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { awsClient } from "../../src/aws-client.ts";
import { parkedTableName } from "../../src/names.ts";
import { dynamoParked, type ParkedStore, sdkCalls } from "../../src/parking/index.ts";

/** The parked groups of any bus, where the environment's endpoint leads. */
export interface OpenParked {
  of(bus: string): ParkedStore;
  close(): void;
}

/** Opens them through the AWS SDK: to the endpoint that was named, whatever stands beside it. */
export function openParked(): OpenParked {
  const client = awsClient(DynamoDBClient, { maxAttempts: 3 });
  const calls = sdkCalls({ client });
  return {
    of: (bus) => dynamoParked({ table: parkedTableName(bus), calls }),
    close: () => client.destroy(),
  };
}
