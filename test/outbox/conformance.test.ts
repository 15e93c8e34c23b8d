import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { outboxConformance } from "../../local/testing/outbox-conformance.ts";
import {
  dynamoOutbox,
  inMemoryOutbox,
  outboxTable,
  rowWrites,
  sdkCalls,
  wireCalls,
} from "../../src/outbox/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryOutbox", () => {
  const suite = outboxConformance((clock, prefix) => {
    const table = outboxTable({ table: "shop-entities", prefix });
    const store = inMemoryOutbox({ table, clock });
    return { store, put: async (...rows) => store.transact(rowWrites(table, rows)) };
  });
  for (const { name, check } of suite) it(name, check);
});

describe.each(["sdkCalls", "wireCalls"] as const)("dynamoOutbox by %s on dynoxide", (by) => {
  onEngine("dynoxide", by);
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoOutbox on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local", "sdkCalls"),
);

function onEngine(engine: "dynoxide" | "DynamoDB Local", by: "sdkCalls" | "wireCalls"): void {
  const name = "shop-entities";
  let dynamodb: TestDynamoDB;
  // The first time, Maven fetches DynamoDB Local.
  beforeAll(async () => {
    dynamodb = await startDynamoDB(engine);
    await dynamodb.createTable(name, "entity", "part");
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const suite = outboxConformance((clock, prefix) => {
    const { client, endpoint } = dynamodb;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const calls =
      by === "sdkCalls"
        ? sdkCalls({ client })
        : wireCalls({ endpoint, region: "us-east-1", domain: "amazonaws.com", credentials });
    // A table that holds other things as well: keys of its own, and a prefix.
    const table = outboxTable({ table: name, prefix, partitionKey: "entity", sortKey: "part" });
    return {
      store: dynamoOutbox({ table, clock, calls }),
      put: async (...rows) => (await calls.transact(rowWrites(table, rows), randomUUID())) === "written",
    };
  });
  for (const { name, check } of suite) it(name, check, 30_000);
}
