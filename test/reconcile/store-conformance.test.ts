import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { reconcileStoreConformance } from "../../local/testing/reconcile-store-conformance.ts";
import { dynamoReconcileStore, inMemoryReconcileStore } from "../../src/reconcile/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { createJobsTable } from "../helpers/jobs-table.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryReconcileStore", () => {
  for (const { name, check } of reconcileStoreConformance((clock) => inMemoryReconcileStore({ clock }))) {
    it(name, check);
  }
});

describe("dynamoReconcileStore on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoReconcileStore on AWS's own DynamoDB Local",
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

  const suite = reconcileStoreConformance((clock) =>
    dynamoReconcileStore({ table, client: dynamodb.client, clock }),
  );
  for (const { name, check } of suite) it(name, check, 30_000);
}
