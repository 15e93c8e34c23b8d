import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { sleep, systemClock } from "../../src/clock.ts";
import { jobsTableName } from "../../src/names.ts";
import { type DifferenceClass, dynamoReconcileStore } from "../../src/reconcile/index.ts";
import { openCreditBook } from "./credit-book.ts";
import { openDebitBook } from "./debit-book.ts";
import { planFaults } from "./faults.ts";
import { lookAtMoney } from "./money.ts";
import { bookFile, bus, transfersJob } from "./names.ts";

/** What was seen while the run went on. */
export interface Watched {
  /** Looks at both books, and what money was there twice in. */
  readonly looks: number;
  readonly twice: readonly string[];
  readonly mostInFlight: number;
  /** Every difference that was ever open: its key, and the classes it was seen as. */
  readonly open: Readonly<Record<string, readonly DifferenceClass[]>>;
}

/** Looks at the books, and at what is open. */
const moneyEveryMs = 400;
const openEveryMs = 200;

/**
 * Watches the run from outside, in a process of its own: both books, and what the reconciliation has open.
 *
 *   node drills/transfer/watcher.ts http://127.0.0.1:4566 us-east-1 FOLDER 20000
 */
const [, , endpoint = "", region = "", folder = "", transfers = ""] = process.argv;
const client = new DynamoDBClient({
  endpoint,
  region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
const faults = new Map([...planFaults(Number(transfers)).values()].map((fault) => [fault.key, fault]));
const bankA = openDebitBook(client);
const bankB = openCreditBook(bookFile(folder));
const store = dynamoReconcileStore({ table: jobsTableName(bus), client });
const seen = { looks: 0, mostInFlight: 0 };
const twice: string[] = [];
const open = new Map<string, Set<DifferenceClass>>();

async function watchMoney(): Promise<void> {
  const standing = bankB.standing();
  const look = lookAtMoney(standing, await bankA.debitedCents(), faults);
  seen.looks += 1;
  seen.mostInFlight = Math.max(seen.mostInFlight, look.inFlight);
  if (look.twice !== undefined) twice.push(look.twice);
}

async function watchOpen(): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await store.list(transfersJob, cursor);
    for (const { difference } of page.open) {
      open.set(difference.key, (open.get(difference.key) ?? new Set()).add(difference.class));
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}

async function again(everyMs: number, look: () => Promise<void>): Promise<never> {
  for (;;) {
    await look();
    await sleep(systemClock, everyMs);
  }
}

createServer(async (_, response) => {
  await watchOpen();
  const watched: Watched = {
    ...seen,
    twice,
    open: Object.fromEntries([...open].map(([key, classes]) => [key, [...classes]])),
  };
  response.end(JSON.stringify(watched));
}).listen(0, "127.0.0.1", function (this: { address(): unknown }) {
  process.stdout.write(`http://127.0.0.1:${(this.address() as AddressInfo).port}\n`);
});
void again(moneyEveryMs, watchMoney);
void again(openEveryMs, watchOpen);
// The drill has ended, or was killed.
process.stdin.resume().once("end", () => process.exit());
