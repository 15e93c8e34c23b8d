import { readFileSync, writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { createInterface } from "node:readline";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { consume, type SqsRecord, sqsQueues } from "../../src/consume/index.ts";
import { defineEvent } from "../../src/contract/index.ts";
import { readSettings } from "../../src/env.ts";
import { InvalidEventError, PermanentError } from "../../src/errors.ts";
import { dynamoLedger, type Ledger, sdkStatements } from "../../src/ledger/index.ts";
import { ledgerTableName } from "../../src/names.ts";
import { standardSchema } from "../helpers/standard-schema.ts";

/**
 * A consumer in TypeScript as a process of its own: batches come in on standard input, one JSON line each; what
 * happens goes out on standard output the same way. Its sibling in Python is `consumer_driver.py`.
 *
 * OMNIBUS_CRASH names the point at which it kills itself: `claimed`, `handled` (before the end is written), `done`.
 */
const say = (line: unknown) => writeSync(1, `${JSON.stringify(line)}\n`);
const given = JSON.parse(readFileSync(new URL("contracts.json", import.meta.url), "utf8"));
const contractOf = (type: string) => {
  const { version, topic, schema } = given[type];
  return defineEvent(type, { version, topic, schema: standardSchema(schema) });
};
const orderCreated = contractOf("order.created");
const stockLocked = contractOf("stock.locked");

const settings = readSettings();
if (!settings) throw new Error("OMNIBUS is not set");
const target = (endpoint: string | undefined) => ({
  region: "us-east-1",
  maxAttempts: 2,
  ...(endpoint ? { endpoint } : {}),
});
const ledger = dynamoLedger({
  table: ledgerTableName(settings.bus),
  keepMs: settings.keepMs,
  execute: sdkStatements({ client: new DynamoDBClient(target(process.env.AWS_ENDPOINT_URL_DYNAMODB)) }),
});
const queues = sqsQueues({
  client: new SQSClient({ ...target(process.env.AWS_ENDPOINT_URL), useQueueUrlAsEndpoint: false }),
});

const lambda = consume(
  orderCreated,
  async (event, context) => {
    const { orderId, do: what = "handle" } = event.data as { orderId: string; do?: string };
    say({ ran: { id: event.id, attempt: context.attempt, effectKey: context.effectKey } });
    if (what === "fail") throw new Error("the partner said no");
    if (what === "permanent") throw new PermanentError("no such order");
    if (what === "emit-too-much") {
      try {
        context.emit(stockLocked, { orderId: "x".repeat(300_000) });
      } catch (error) {
        if (!(error instanceof InvalidEventError)) throw error;
      }
    }
    if (what.startsWith("emit")) context.emit(stockLocked, { orderId });
    if (what === "hang") await new Promise(() => {});
    if (what === "abort") {
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      throw new Error("aborted");
    }
  },
  {
    settings,
    queues,
    ledger: crashing(ledger, process.env.OMNIBUS_CRASH),
    sink: (lines) => lines.split("\n").map((line) => say({ line: JSON.parse(line) })),
  },
);

/** The ledger that is there, and a process that dies beside it. */
function crashing(real: Ledger, point: string | undefined): Ledger {
  const reach = (reached: string) => {
    if (reached === point) process.kill(process.pid, "SIGKILL");
  };
  return {
    ...real,
    claim: async (...call) => {
      const results = await real.claim(...call);
      reach("claimed");
      return results;
    },
    end: async (...call) => {
      reach("handled");
      const results = await real.end(...call);
      reach("done");
      return results;
    },
  };
}

// It is killed in the end, which leaves no time to write it.
flushCompileCache();
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const { records, remainingMs } = JSON.parse(line) as {
    records: readonly SqsRecord[];
    remainingMs: number;
  };
  const endsMs = Date.now() + remainingMs;
  const context = { awsRequestId: "request", getRemainingTimeInMillis: () => endsMs - Date.now() };
  say({ answer: await lambda({ Records: records }, context) });
}
