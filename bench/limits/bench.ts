import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startTableEngine } from "../../local/cloud/index.ts";
import { limitKeyAttribute } from "../../src/names.ts";
import type { Bench } from "../frame/bench.ts";
import { offlineEnvironment, startChild } from "../frame/children.ts";
import type { Stretch } from "../frame/contender.ts";
import { table } from "./table.ts";

/**
 * What a limited message costs: ours with ten and with one message a batch, beside the usual counter, one conditional
 * update for each message, over the same small client. A real table answers, in a process of its own.
 */
export const limitsBench: Bench<"batch10" | "batch1" | "updatePerMessage"> = {
  contenders: ["batch10", "batch1", "updatePerMessage"],
  packages: [],
  /** Messages. */
  size: 5_000,
  run: async (name, size) => {
    const engine = await startTableEngine();
    const { endpoint } = engine;
    try {
      await createTable(endpoint);
      const task = JSON.stringify({ warmUp: size, measured: size });
      const script = join(import.meta.dirname, "contender.ts");
      const contender = startChild(script, [name, task], offlineEnvironment(endpoint));
      try {
        await contender.ask("warm up");
        const { cpuMicros, wallMs, figures } = (await contender.ask("go")) as Stretch;
        return {
          messagesPerSecond: size / (wallMs / 1_000),
          cpuMicrosPerMessage: cpuMicros / size,
          writesPerMessage: (figures.writes ?? Number.NaN) / size,
        };
      } finally {
        await contender.stop();
      }
    } finally {
      await engine.stop();
    }
  },
};

async function createTable(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  });
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: limitKeyAttribute, AttributeType: "S" }],
      KeySchema: [{ AttributeName: limitKeyAttribute, KeyType: "HASH" }],
    }),
  );
  client.destroy();
}
