import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ledgerConformance } from "../../local/testing/ledger-conformance.ts";
import { dynamoLedger, inMemoryLedger, sdkStatements, wireStatements } from "../../src/ledger/index.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryLedger", () => {
  for (const { name, check } of ledgerConformance((options) => inMemoryLedger(options))) it(name, check);
});

describe("dynamoLedger on dynoxide", () => {
  const table = "shop-ledger";
  let dynamodb: TestDynamoDB;
  beforeAll(async () => {
    dynamodb = await startDynamoDB();
    await dynamodb.createTable(table);
  });
  afterAll(() => dynamodb.stop());

  const bySdk = ledgerConformance((options) =>
    dynamoLedger({ table, execute: sdkStatements({ client: dynamodb.client }), ...options }),
  );
  const byWire = ledgerConformance((options) =>
    dynamoLedger({
      table,
      execute: wireStatements({
        endpoint: dynamodb.endpoint,
        region: "us-east-1",
        domain: "amazonaws.com",
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      }),
      ...options,
    }),
  );
  describe("through the AWS SDK", () => {
    for (const { name, check } of bySdk) it(name, check);
  });
  describe("through signed calls", () => {
    for (const { name, check } of byWire) it(name, check);

    it("throws what DynamoDB said when the call is refused", async () => {
      const execute = wireStatements({
        endpoint: dynamodb.endpoint,
        region: "us-east-1",
        domain: "amazonaws.com",
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      });

      await expect(execute([])).rejects.toMatchObject({ name: "ValidationException", status: 400 });
    });
  });
});
