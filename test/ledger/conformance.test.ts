import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { ledgerConformance } from "../../local/testing/ledger-conformance.ts";
import { dynamoLedger, inMemoryLedger, sdkStatements } from "../../src/ledger/index.ts";
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

  const checks = ledgerConformance((options) =>
    dynamoLedger({ table, execute: sdkStatements({ client: dynamodb.client }), ...options }),
  );
  for (const { name, check } of checks) it(name, check);
});
