import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startTableEngine } from "../../local/cloud/start-table-engine.ts";
import { startEmulator } from "../../local/emulator/index.ts";
import { startDynamoDbLocal } from "../../local/tools/index.ts";
import { ledgerKeyAttribute } from "../../src/names.ts";

/** A DynamoDB stand-in of its own for one test file. */
export interface TestDynamoDB {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  /** Makes a table with a string key, and a sort key where one is named. */
  createTable(name: string, key?: string, sortKey?: string): Promise<void>;
  stop(): Promise<void>;
}

/** What there is to start. */
export type TableEngine = keyof typeof engines;

const engines = {
  dynoxide: () => startTableEngine(),
  "DynamoDB Local": startDynamoDbLocal,
  MiniStack: async () => {
    // The pinned release, also where another emulator runs.
    const environment = { ...process.env };
    delete environment.AWS_ENDPOINT_URL;
    const { endpoint, close: stop } = await startEmulator({ environment });
    return { endpoint, stop };
  },
};

/** Starts dynoxide, AWS's own DynamoDB Local, or MiniStack, on a free port, in memory. */
export async function startDynamoDB(engine: TableEngine = "dynoxide"): Promise<TestDynamoDB> {
  const { endpoint, stop } = await engines[engine]();
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    client,
    endpoint,
    createTable: async (name, key = ledgerKeyAttribute, sortKey) => {
      const keys = [key, ...(sortKey === undefined ? [] : [sortKey])];
      await client.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
          KeySchema: keys.map((AttributeName, at) => ({
            AttributeName,
            KeyType: at === 0 ? "HASH" : "RANGE",
          })),
        }),
      );
    },
    stop: async () => {
      client.destroy();
      await stop();
    },
  };
}
