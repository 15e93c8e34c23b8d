import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { counted, noCounts } from "./counted.ts";
import { countUnits } from "./counted-units.ts";
import {
  dynamoBookOf,
  injectDynamo,
  makeDynamoBooks,
  removeDynamoBooks,
  scanDynamoBook,
} from "./dynamo-books.ts";
import { compareAll } from "./full-scan.ts";
import { peakMemoryMb } from "./peak-memory.ts";
import { type ReconcilerName, reconcilers } from "./reconcilers.ts";
import type { DynamoRow } from "./row.ts";
import { timed } from "./timed.ts";
import { time } from "./transfers.ts";

/** Measures books of one size on the DynamoDB that the environment names, with more and more differences. */
async function measure(
  n: number,
  differences: readonly number[],
  name: ReconcilerName,
): Promise<readonly DynamoRow[]> {
  const writer = new DynamoDBClient();
  await makeDynamoBooks(writer, n);
  const client = new DynamoDBClient();
  const units = countUnits(client);
  const counts = noCounts();
  const [left, right] = [dynamoBookOf(client, "left"), dynamoBookOf(client, "right")];
  await left.seal?.(time);
  const rows: DynamoRow[] = [];
  let injected = 0;
  for (const d of differences) {
    await injectDynamo(writer, n, injected, d);
    injected = d;
    Object.assign(units, { read: 0, write: 0 });
    const sealing = await timed(async () => right.seal?.(time));
    const sealed = { ...units };
    Object.assign(units, { read: 0, write: 0 });
    Object.assign(counts, noCounts());
    const run = await timed(() => reconcilers[name](counted(left, counts), counted(right, counts)));
    const readUnits = units.read;
    const memoryMb = peakMemoryMb();
    Object.assign(units, { read: 0, write: 0 });
    const full = await timed(() =>
      compareAll(scanDynamoBook(client, "left"), scanDynamoBook(client, "right")),
    );
    rows.push({
      n,
      d,
      found: run.answer,
      fullFound: full.answer,
      itemsRead: counts.items,
      digestsRead: counts.digests,
      readUnits,
      sealingReadUnits: sealed.read,
      sealingWriteUnits: sealed.write,
      ms: run.ms,
      sealingMs: sealing.ms,
      fullReadUnits: units.read,
      fullMs: full.ms,
      peakMemoryMb: memoryMb,
    });
  }
  await removeDynamoBooks(writer);
  return rows;
}

const [n = "", differences = "", name = "ours"] = process.argv.slice(2);
process.send?.(await measure(Number(n), differences.split(",").map(Number), name as ReconcilerName));
process.disconnect?.();
