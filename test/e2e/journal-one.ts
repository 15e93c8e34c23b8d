import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { bus } from "../../drills/orders/consumers.ts";
import type { Emulator } from "../../local/emulator/index.ts";
import { sleep, systemClock, uuidv7 } from "../../src/clock.ts";
import { journalKind, parseJournalLine } from "../../src/journal/index.ts";
import { archiveBucketName, ledgerKeyAttribute, ledgerTableName } from "../../src/names.ts";
import { readLines, s3Objects, segmentsOf } from "../../src/segments/index.ts";

const lookMs = 1_000;
const patienceMs = 60_000;

/** Writes a completion into the ledger by PutItem, and waits until the deployed journaler has it in the journal. */
export async function journalOne(emulator: Emulator): Promise<"written" | "missing"> {
  const dynamodb = new DynamoDBClient(emulator.client);
  const s3 = new S3Client({ ...emulator.client, forcePathStyle: true });
  const store = s3Objects({ bucket: archiveBucketName(bus, emulator.account, emulator.region), client: s3 });
  const id = uuidv7(systemClock);
  const nowMs = systemClock.nowMs();
  const texts = {
    ...{ [ledgerKeyAttribute]: `e2e-${id}`, consumer: "E2e", source: "/e2e", id, type: "e2e.done" },
    ...{ time: new Date(nowMs).toISOString(), hash: "0".repeat(64), state: "done", owner: "" },
  };
  const numbers = { v: 1, attempts: 1, lease: 0, ended: nowMs, expires: Math.ceil(nowMs / 1_000) + 3_600 };
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: ledgerTableName(bus),
        Item: {
          ...Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, { S: value }])),
          ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, { N: String(value) }])),
        },
      }),
    );
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookMs) {
      for await (const page of readLines(segmentsOf({ store, kind: journalKind }), { fromMs: nowMs })) {
        if (page.some(({ line }) => parseJournalLine(line.bytes).id === id)) return "written";
      }
      await sleep(systemClock, lookMs);
    }
    return "missing";
  } finally {
    dynamodb.destroy();
    s3.destroy();
  }
}
