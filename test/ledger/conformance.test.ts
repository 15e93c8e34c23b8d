import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ledgerConformance } from "../../local/testing/ledger-conformance.ts";
import { ledgerReaderConformance } from "../../local/testing/ledger-reader-conformance.ts";
import {
  dynamoLedger,
  dynamoLedgerReader,
  inMemoryLedger,
  sdkStatements,
  wireStatements,
} from "../../src/ledger/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryLedger", () => {
  for (const { name, check } of ledgerConformance((options) => inMemoryLedger(options))) it(name, check);
  const asReader = ledgerReaderConformance(() => {
    const ledger = inMemoryLedger({ keepMs: 60_000 });
    return { ledger, reader: ledger };
  });
  for (const { name, check } of asReader) it(name, check);
});

describe("dynamoLedger on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoLedger on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local"),
);

/** Both ways to call DynamoDB, held to the ledger's suite. */
function onEngine(engine: "dynoxide" | "DynamoDB Local"): void {
  const table = "shop-ledger";
  let dynamodb: TestDynamoDB;
  // The first time, Maven fetches DynamoDB Local.
  beforeAll(async () => {
    dynamodb = await startDynamoDB(engine);
    await dynamodb.createTable(table);
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const wire = () =>
    wireStatements({
      endpoint: dynamodb.endpoint,
      region: "us-east-1",
      domain: "amazonaws.com",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  const bySdk = ledgerConformance((options) =>
    dynamoLedger({ table, execute: sdkStatements({ client: dynamodb.client }), ...options }),
  );
  const byWire = ledgerConformance((options) => dynamoLedger({ table, execute: wire(), ...options }));

  const reading = ledgerReaderConformance(() => ({
    ledger: dynamoLedger({
      table,
      keepMs: 60_000,
      execute: sdkStatements({ client: dynamodb.client }),
    }),
    reader: dynamoLedgerReader({ table, client: dynamodb.client }),
  }));

  describe("through the AWS SDK", () => {
    for (const { name, check } of [...bySdk, ...reading]) it(name, check);
  });
  describe("through signed calls", () => {
    for (const { name, check } of byWire) it(name, check);

    it("throws what DynamoDB said when the call is refused", async () => {
      await expect(wire()([])).rejects.toMatchObject({ name: "ValidationException", status: 400 });
    });
  });
}
