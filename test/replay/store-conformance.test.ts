import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { replaysConformance } from "../../local/testing/replays-conformance.ts";
import { dynamoReplays, inMemoryReplays } from "../../src/replay/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { createJobsTable } from "../helpers/jobs-table.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryReplays", () => {
  for (const { name, check } of replaysConformance((clock) => inMemoryReplays({ clock }))) it(name, check);
});

describe("dynamoReplays on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoReplays on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local"),
);

function onEngine(engine: "dynoxide" | "DynamoDB Local"): void {
  const table = "shop-jobs";
  let dynamodb: TestDynamoDB;
  // The first time, Maven fetches DynamoDB Local.
  beforeAll(async () => {
    dynamodb = await startDynamoDB(engine);
    await createJobsTable(dynamodb, table);
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const suite = replaysConformance((clock) => dynamoReplays({ table, client: dynamodb.client, clock }));
  for (const { name, check } of suite) it(name, check, 30_000);
}
