import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "../../src/clock.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import { transferDebited } from "./contracts.ts";
import { type Debit, openDebitBook } from "./debit-book.ts";
import { type CrashPoint, dieOnce } from "./die-once.ts";
import { planFaults } from "./faults.ts";
import { bus } from "./names.ts";
import { hourMs } from "./times.ts";
import { readTransfers, type Transfer } from "./transfers.ts";

/** What the desk is told when it starts, as JSON. */
export interface DeskSettings {
  readonly transfers: number;
  readonly folder: string;
  /** Where its DynamoDB is, which has too little throughput, and where the bus is. */
  readonly dynamodb: string;
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
}

/** Transfers in one transaction of the book. */
const together = 50;

/**
 * Bank A's desk, a process of its own: debits transfers in its book, tells bank B over the bus, notes how far it is, and waits for
 * a word before it goes on. Killed anywhere it goes on where it was: what is debited stays, and is told under the same id.
 *
 *   node drills/transfer/desk.ts '{"transfers":20000,…}'
 */
async function run(settings: DeskSettings): Promise<void> {
  const { transfers, folder, dynamodb, endpoint, region, account } = settings;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const faults = planFaults(transfers);
  const client = new DynamoDBClient({ endpoint: dynamodb, region, credentials, maxAttempts: 12 });
  const book = openDebitBook(client);
  const publisher = createPublisher({
    ...{ bus, source: "/bank-a/desk", account, region },
    topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
  });
  const debitOf = (transfer: Transfer): Debit => {
    const isLate = faults.get(transfer.number)?.kind === "late-by-an-hour";
    return { ...transfer, atMs: systemClock.nowMs() - (isLate ? hourMs : 0) };
  };
  const steps: readonly CrashPoint[] = ["bank-a-before-debit", "bank-a-after-debit", "bank-a-after-publish"];
  /** Dies at one step after a quarter of the transfers, at the next after half, at the last after three. */
  const mayDie = (point: CrashPoint, from: number) => {
    if (from >= (transfers * (steps.indexOf(point) + 1)) / 4) dieOnce(folder, point);
  };

  const told = await book.told();
  let batch: Transfer[] = [];
  const play = async () => {
    const from = batch[0]?.number ?? 0;
    mayDie("bank-a-before-debit", from);
    const debits = await book.debit(batch.map(debitOf));
    mayDie("bank-a-after-debit", from);
    await publisher.publishAll(
      transferDebited,
      debits.filter(({ number }) => faults.get(number)?.kind !== "debit-without-event"),
      ({ transfer, atMs }) => ({ id: transfer, time: new Date(atMs) }),
    );
    mayDie("bank-a-after-publish", from);
    await book.noteTold(from + batch.length);
    await mayGoOn(from + batch.length);
    batch = [];
  };
  for await (const transfer of readTransfers(transfers)) {
    if (transfer.number < told) continue;
    batch.push(transfer);
    if (batch.length === together) await play();
  }
  if (batch.length > 0) await play();
  await publisher.close();
  client.destroy();
}

/** Tells how far it is, and waits for a word. */
function mayGoOn(transfers: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once("message", () => resolve());
  process.send?.(transfers);
  return promise;
}

// The drill has ended, or was killed.
process.once("disconnect", () => process.exit());
await run(JSON.parse(process.argv[2] ?? "{}") as DeskSettings);
process.disconnect();
