import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Emulator, startEmulator } from "../../local/emulator/index.ts";
import { ledgerConformance } from "../../local/testing/ledger-conformance.ts";
import { dynamoLedger, sdkStatements } from "../../src/ledger/index.ts";
import { ledgerKeyAttribute } from "../../src/names.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { type E2eResult, runScenario } from "./scenario.ts";

await describeWith([{ command: "python3", for: "the emulator" }], "on an emulator", () => {
  let emulator: Emulator;
  // The first time, Python packages are fetched.
  beforeAll(async () => {
    emulator = await startEmulator();
  }, 300_000);
  afterAll(() => emulator?.close());

  describe("a deployed bus", () => {
    let result: E2eResult;
    const ending = new AbortController();
    beforeAll(async () => {
      result = await runScenario({ emulator, orders: 100, ordersAgain: 40, signal: ending.signal });
    }, 480_000);
    afterAll(() => ending.abort());

    it("is deployed, updated, destroyed and deployed again, and all that is read back agrees", () => {
      expect(result.findings).toEqual([]);
      expect(result.agree).toBe(true);
      expect(result.steps.map(({ name }) => name)).toEqual([
        "cdk synth, cdk bootstrap",
        "cdk deploy --all",
        "bus doctor",
        "cdk deploy shop-books",
        "100 orders",
        "archive and journal",
        "bus pause, bus resume",
        "cdk diff, a consumer added",
        "cdk deploy shop-sms shop-promises",
        "aws sns publish, twice",
        "outbox, transactions, stages, bus replay",
        "bus reconcile",
        "cdk destroy --all",
        "cdk import, cdk deploy --all",
        "40 orders again",
        ...(emulator.isOurs ? [] : ["cdk destroy --all, at the end"]),
      ]);
    });

    it("has the right totals in three consumers, before and after", () => {
      expect(result.totals).toHaveLength(6);
      for (const { total, control } of result.totals) expect(total).toBe(control);
    });

    it("handles once what the plain AWS CLI sent twice", () => {
      expect(result.exampleRuns).toBe(1);
    });
  });

  describe("dynamoLedger", () => {
    const table = "conformance-ledger";
    let client: DynamoDBClient;
    beforeAll(async () => {
      client = new DynamoDBClient(emulator.client);
      await client.send(
        new CreateTableCommand({
          TableName: table,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [{ AttributeName: ledgerKeyAttribute, AttributeType: "S" }],
          KeySchema: [{ AttributeName: ledgerKeyAttribute, KeyType: "HASH" }],
        }),
      );
    });
    afterAll(() => client?.destroy());

    const suite = ledgerConformance((options) =>
      dynamoLedger({ table, execute: (statements) => sdkStatements({ client })(statements), ...options }),
    );
    for (const { name, check } of suite) it(name, check);
  });
});
