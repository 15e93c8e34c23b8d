import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { leasesConformance } from "../../local/testing/leases-conformance.ts";
import { dynamoLeases, inMemoryLeases } from "../../src/leases/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { createJobsTable } from "../helpers/jobs-table.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryLeases", () => {
  for (const { name, check } of leasesConformance((clock) => inMemoryLeases({ clock }))) it(name, check);
});

describe("dynamoLeases on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoLeases on AWS's own DynamoDB Local",
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

  const suite = leasesConformance((clock) => dynamoLeases({ table, client: dynamodb.client, clock }));
  for (const { name, check } of suite) it(name, check, 30_000);
}
