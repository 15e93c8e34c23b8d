import { join } from "node:path";
import type { TableCounts } from "../canned/table.ts";
import type { Bench } from "../frame/bench.ts";
import { runContender } from "../frame/run-contender.ts";
import { batchSize } from "./batches.ts";
import { settingsIn } from "./settings.ts";

/**
 * What a consumer costs: CPU, DynamoDB requests and write units per message, first deliveries, ten a batch. In mode `transaction`
 * with the write of an effect, which the others have not.
 */
export const consumeBench: Bench<"ours" | "oursTransaction" | "peerTuned" | "peerDocumented"> = {
  contenders: ["ours", "oursTransaction", "peerTuned", "peerDocumented"],
  packages: [
    "@aws-sdk/client-dynamodb",
    "@aws-lambda-powertools/batch",
    "@aws-lambda-powertools/idempotency",
    "@aws-lambda-powertools/parser",
    "zod",
  ],
  /** Batches. */
  size: 500,
  run: async (name, size) => {
    const { cpuMicros, counts } = await runContender<TableCounts>({
      script: join(import.meta.dirname, "contender.ts"),
      name,
      server: join(import.meta.dirname, "../canned/dynamodb.ts"),
      // Long, because ours makes a tenth of the calls: the SDK's code has to be compiled for everybody.
      task: { warmUp: size * 2, measured: size },
      env: { OMNIBUS: settingsIn(name === "oursTransaction" ? "transaction" : "once") },
    });
    const messages = size * batchSize;
    const requests = Object.values(counts.requests).reduce((sum, one) => sum + one, 0);
    return {
      cpuMicrosPerMessage: cpuMicros / messages,
      requestsPerMessage: requests / messages,
      writeUnitsPerMessage: counts.writeUnits / messages,
    };
  },
};
