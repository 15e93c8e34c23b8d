import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { event } from "../../local/testing/ledger-events.ts";
import { transactionsConformance } from "../../local/testing/transactions-conformance.ts";
import { systemClock, uuidv7 } from "../../src/clock.ts";
import { dynamoLedger, dynamoLedgerReader, inMemoryLedger, wireStatements } from "../../src/ledger/index.ts";
import {
  type DynamoCalls,
  dynamoTransactions,
  inMemoryTables,
  inMemoryTransactions,
  sdkCalls,
  wireCalls,
} from "../../src/transaction/index.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { startDynamoDB, type TableEngine, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

describe("inMemoryTransactions", () => {
  const checks = transactionsConformance((options) => {
    const ledger = inMemoryLedger(options);
    const table = "accounts";
    const tables = inMemoryTables({ [table]: ["account"] });
    return { ledger, table, transactions: inMemoryTransactions({ ledger, tables }) };
  });
  for (const { name, check } of checks) it(name, check);
});

describe("dynamoTransactions on dynoxide", () => {
  onEngine("dynoxide");
});

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamoTransactions on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local"),
);

await describeWith([{ command: "python3", for: "MiniStack" }], "dynamoTransactions on MiniStack", () =>
  onEngine("MiniStack"),
);

/** Both ways to call DynamoDB, held to the suite. */
function onEngine(engine: TableEngine): void {
  const [ledgerTable, table] = ["shop-ledger", "accounts"];
  let dynamodb: TestDynamoDB;
  // The first time, Maven fetches DynamoDB Local.
  beforeAll(async () => {
    dynamodb = await startDynamoDB(engine);
    await dynamodb.createTable(ledgerTable);
    await dynamodb.createTable(table, "account");
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const target = () => ({
    endpoint: dynamodb.endpoint,
    region: "us-east-1",
    domain: "amazonaws.com",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const suite = (calls: () => DynamoCalls) =>
    transactionsConformance((options) => ({
      ledger: dynamoLedger({ table: ledgerTable, execute: wireStatements(target()), ...options }),
      transactions: dynamoTransactions({ table: ledgerTable, calls: calls(), ...options }),
      table,
    }));

  it("keeps what a run has come to, with its completion", async () => {
    const { client } = dynamodb;
    const ledger = dynamoLedger({ table: ledgerTable, keepMs: 60_000, execute: wireStatements(target()) });
    const [one, plain] = [event(), event()];
    await ledger.claim([one, plain], { owner: "a", leaseEndsMs: systemClock.nowMs() + 10_000 });
    const store = dynamoTransactions({ table: ledgerTable, keepMs: 60_000, calls: sdkCalls({ client }) });
    const commit = (key: string, result: { result?: string }) =>
      store.commit({ key, owner: "a", emits: [], writes: [], token: uuidv7(systemClock), ...result });
    await commit(one.key, { result: "0a" });
    await commit(plain.key, {});

    const found = await dynamoLedgerReader({ table: ledgerTable, client }).read([one.key, plain.key]);

    expect(found.map((item) => [item?.state, item?.result])).toEqual([
      ["done", "0a"],
      ["done", undefined],
    ]);
  });

  describe("through the AWS SDK", () => {
    for (const { name, check } of suite(() => sdkCalls({ client: dynamodb.client }))) it(name, check);
  });
  describe("through signed calls", () => {
    for (const { name, check } of suite(() => wireCalls(target()))) it(name, check);
  });
}
