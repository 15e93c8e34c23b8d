import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { limitsConformance } from "../../local/testing/limits-conformance.ts";
import { dynamoLimits, inMemoryLimits, sdkCalls, wireCalls } from "../../src/limits/index.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryLimits", () => {
  for (const { name, check } of limitsConformance(() => inMemoryLimits())) it(name, check);
});

describe("dynamoLimits on dynoxide", () => {
  const table = "shop-limits";
  let dynamodb: TestDynamoDB;
  beforeAll(async () => {
    dynamodb = await startDynamoDB();
    await dynamodb.createTable(table);
  });
  afterAll(() => dynamodb.stop());

  describe("through the AWS SDK", () => {
    const suite = limitsConformance(() =>
      dynamoLimits({ table, calls: sdkCalls({ client: dynamodb.client }) }),
    );
    for (const { name, check } of suite) it(name, check);
  });
  describe("through signed calls", () => {
    const suite = limitsConformance(() =>
      dynamoLimits({
        table,
        calls: wireCalls({
          endpoint: dynamodb.endpoint,
          region: "us-east-1",
          domain: "amazonaws.com",
          credentials: { accessKeyId: "test", secretAccessKey: "test" },
        }),
      }),
    );
    for (const { name, check } of suite) it(name, check);
  });
});
