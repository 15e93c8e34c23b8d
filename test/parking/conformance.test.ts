import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parkedConformance } from "../../local/testing/parked-conformance.ts";
import { dynamoParked, inMemoryParked, sdkCalls, wireCalls } from "../../src/parking/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryParked", () => {
  for (const { name, check } of parkedConformance(() => inMemoryParked())) it(name, check);
});

describe("dynamoParked on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoParked on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local"),
);

/** Both ways to call DynamoDB, held to the suite. */
function onEngine(engine: "dynoxide" | "DynamoDB Local"): void {
  const table = "shop-parked";
  let dynamodb: TestDynamoDB;
  // The first time, Maven fetches DynamoDB Local.
  beforeAll(async () => {
    dynamodb = await startDynamoDB(engine);
    await dynamodb.createTable(table, "pk", "sk");
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const wire = () =>
    wireCalls({ endpoint: dynamodb.endpoint, region: "us-east-1", domain: "amazonaws.com", credentials });

  describe("through the AWS SDK", () => {
    const suite = parkedConformance(() =>
      dynamoParked({ table, calls: sdkCalls({ client: dynamodb.client }) }),
    );
    for (const { name, check } of suite) it(name, check, 30_000);
  });
  describe("through signed calls", () => {
    const suite = parkedConformance(() => dynamoParked({ table, calls: wire() }), `wire-${engine.length}`);
    for (const { name, check } of suite) it(name, check, 30_000);
  });

  it("says which table did not answer", async () => {
    const away = dynamoParked({ table: "shopx-parked", calls: wire() });

    await expect(away.read("LockStock", ["a"])).rejects.toMatchObject({
      code: "parking-unavailable",
      retryable: true,
      message: expect.stringContaining("shopx-parked did not answer (ResourceNotFoundException"),
    });
  });
}
