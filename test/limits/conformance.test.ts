import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { limitsConformance } from "../../local/testing/limits-conformance.ts";
import { dynamoLimits, inMemoryLimits, sdkCalls, wireCalls } from "../../src/limits/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryLimits", () => {
  for (const { name, check } of limitsConformance(() => inMemoryLimits())) it(name, check);
});

describe("dynamoLimits on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoLimits on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local"),
);

/** Both ways to call DynamoDB, held to the limits' suite. */
function onEngine(engine: "dynoxide" | "DynamoDB Local"): void {
  const table = "shop-limits";
  let dynamodb: TestDynamoDB;
  // The first time, Maven fetches DynamoDB Local.
  beforeAll(async () => {
    dynamodb = await startDynamoDB(engine);
    await dynamodb.createTable(table);
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const wire = () =>
    wireCalls({ endpoint: dynamodb.endpoint, region: "us-east-1", domain: "amazonaws.com", credentials });

  describe("through the AWS SDK", () => {
    const suite = limitsConformance(() =>
      dynamoLimits({ table, calls: sdkCalls({ client: dynamodb.client }) }),
    );
    for (const { name, check } of suite) it(name, check);
  });
  describe("through signed calls", () => {
    const suite = limitsConformance(() => dynamoLimits({ table, calls: wire() }));
    for (const { name, check } of suite) it(name, check);
  });
}
