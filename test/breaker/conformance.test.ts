import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { holdsConformance } from "../../local/testing/holds-conformance.ts";
import { dynamoHolds, inMemoryHolds, sdkHoldCalls } from "../../src/breaker/index.ts";
import { dynamodbWire } from "../../src/wire/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { createJobsTable } from "../helpers/jobs-table.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryHolds", () => {
  for (const { name, check } of holdsConformance(() => inMemoryHolds())) it(name, check);
});

describe("dynamoHolds on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoHolds on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local"),
);

/** Both ways to call DynamoDB, held to the suite. */
function onEngine(engine: "dynoxide" | "DynamoDB Local"): void {
  const table = "shop-jobs";
  let dynamodb: TestDynamoDB;
  // The first time, Maven fetches DynamoDB Local.
  beforeAll(async () => {
    dynamodb = await startDynamoDB(engine);
    await createJobsTable(dynamodb, table);
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const sdk = () => dynamoHolds({ table, calls: sdkHoldCalls({ client: dynamodb.client }) });
  const wire = () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const { endpoint } = dynamodb;
    const call = dynamodbWire({ endpoint, region: "us-east-1", domain: "amazonaws.com", credentials });
    return dynamoHolds({
      table,
      calls: async (operation, input) => JSON.parse((await call(operation, input)).body),
    });
  };

  describe("through the AWS SDK", () => {
    for (const { name, check } of holdsConformance(sdk)) it(name, check);
  });
  describe("through signed calls", () => {
    for (const { name, check } of holdsConformance(wire)) it(name, check);
  });

  it("says what to deploy where there is no table", async () => {
    const nowhere = dynamoHolds({
      table: "other-jobs",
      calls: sdkHoldCalls({ client: dynamodb.client }),
    });

    await expect(nowhere.read(["LockStock"])).rejects.toThrow(
      /no table other-jobs.*deploy the bus with this version/,
    );
  });
}
