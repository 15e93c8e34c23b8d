import { CreateTableCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { dynamodbStream } from "../../local/mapping/index.ts";
import type { ArchiveSettings } from "../../src/env.ts";
import { journaler, journalKind, parseJournalLine, type StreamRecord } from "../../src/journal/index.ts";
import { dynamoLedger, ledgerKey, sdkStatements } from "../../src/ledger/index.ts";
import { inMemoryObjects, readLines, segmentsOf } from "../../src/segments/index.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

const settings: ArchiveSettings = {
  v: 1,
  bus: "shop",
  account: "000000000000",
  region: "us-east-1",
  spanMs: 3_600_000,
  graceMs: 120_000,
  rawKeepMs: 604_800_000,
};
const table = "shop-ledger";

let tables: TestDynamoDB;
let stream: ReturnType<typeof dynamodbStream>;
beforeAll(async () => {
  tables = await startDynamoDB();
  await tables.client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  const { Table } = await tables.client.send(new DescribeTableCommand({ TableName: table }));
  const streamArn = Table?.LatestStreamArn ?? "";
  stream = dynamodbStream({ endpoint: tables.endpoint, region: "us-east-1", streamArn });
});
afterAll(() => tables?.stop());

async function allRecords(): Promise<readonly StreamRecord[]> {
  const found: StreamRecord[] = [];
  for (const { shardId } of await stream.shards()) {
    let position: string | undefined = await stream.position(shardId, "TRIM_HORIZON");
    while (position !== undefined) {
      const { records, next } = await stream.read(shardId, position);
      found.push(...(records as readonly StreamRecord[]));
      if (records.length === 0) break;
      position = next;
    }
  }
  return found;
}

describe("the journal of a ledger on DynamoDB", () => {
  it("has each end that an event came to, and nothing else of its life", async () => {
    const ledger = dynamoLedger({
      table,
      keepMs: 3_600_000,
      execute: sdkStatements({ client: tables.client }),
    });
    const event = (id: string) => ({
      key: ledgerKey({ consumer: "LockStock", source: "/shop/web", id }),
      consumer: "LockStock",
      source: "/shop/web",
      id,
      type: "order.created",
      time: new Date().toISOString(),
      hash: id.repeat(64).slice(0, 64),
    });
    const terms = { owner: "run", leaseEndsMs: Date.now() + 60_000 };
    const claim = (id: string, redelivered = false) => ledger.claim([{ ...event(id), redelivered }], terms);
    const message = {
      topic: "stock",
      id: "e",
      source: "s",
      type: "stock.locked",
      body: "{}",
      attributes: {},
    };
    // Done, with an event that is sent later.
    await claim("a");
    await ledger.end([{ key: event("a").key, to: "done", emits: [message] }], "run");
    await ledger.sent([event("a").key]);
    // Given back, dead, redriven, done.
    await claim("b");
    await ledger.end([{ key: event("b").key, to: "released", started: true }], "run");
    await claim("b", true);
    await ledger.end([{ key: event("b").key, to: "dead", reason: "permanent" }], "run");
    await claim("b");
    await ledger.end([{ key: event("b").key, to: "done", emits: [] }], "run");
    // Without a claim.
    await ledger.record([{ ...event("c"), attempts: 2, ending: { to: "dead", reason: "invalid-data" } }]);
    // Claimed, and never heard of again.
    await claim("d");
    const store = inMemoryObjects();

    await journaler(settings, { store, sink: () => {} })({ Records: await allRecords() });

    const lines = [];
    for await (const page of readLines(segmentsOf({ store, kind: journalKind }))) {
      lines.push(...page.map(({ line }) => parseJournalLine(line.bytes)));
    }
    const told = lines.map(({ id, state, attempts, reason, hash }) => [id, state, attempts, reason, hash]);
    expect(told.sort()).toEqual([
      ["a", "done", 1, undefined, "a".repeat(32)],
      ["b", "dead", 2, "permanent", "b".repeat(32)],
      ["b", "done", 1, undefined, "b".repeat(32)],
      ["c", "dead", 2, "invalid-data", "c".repeat(32)],
    ]);
  });
});
