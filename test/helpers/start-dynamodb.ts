import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ledgerKeyAttribute } from "../../src/names.ts";

/** A DynamoDB stand-in of its own for one test file. */
export interface TestDynamoDB {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  /** Makes a table with a string key. */
  createTable(name: string, key?: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts dynoxide on a free port, in memory. */
export async function startDynamoDB(): Promise<TestDynamoDB> {
  const port = await freePort();
  const binary = new URL(
    `../../node_modules/@dynoxide/${process.platform}-${process.arch}/dynoxide`,
    import.meta.url,
  ).pathname;
  const child = spawn(binary, ["--port", String(port)], { stdio: ["ignore", "pipe", "pipe"] });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await listening(child);
  await client.send(new ListTablesCommand({}));
  return {
    client,
    endpoint,
    createTable: async (name, key = ledgerKeyAttribute) => {
      await client.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
          KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
        }),
      );
    },
    stop: async () => {
      client.destroy();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk;
      if (output.includes("listening")) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the DynamoDB stand-in ended before it listened: ${output}`)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
