import {
  DynamoDBClient,
  paginateScan,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { drillConsumer } from "../../drills/frame/index.ts";
import { bus } from "../../drills/orders/consumers.ts";
import type { Emulator } from "../../local/emulator/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import { outboxTableName } from "../../src/names.ts";
import { createOutbox } from "../../src/outbox/index.ts";
import { orderPromised, promisesSource, promisesTable } from "./promise-contracts.ts";
import { controlOfPromises, type Promised, promises } from "./promises.ts";
import { watchQueues } from "./watch-queues.ts";

const lookMs = 500;
const patienceMs = 90_000;

/** What came of the orders. */
export interface KeptPromises {
  /** What stands in the table, by name, and what has to. */
  readonly found: Readonly<Record<string, number>>;
  readonly control: Readonly<Record<string, number>>;
  /** Events that are in the outbox still. */
  readonly waiting: number;
}

/**
 * Writes orders, each with its event in one transaction, some of which are refused; then waits until the relay has published, the
 * bookers that were killed have their events again, and each order went through its stages or back. Answers what stands then.
 */
export async function keepPromises({
  emulator,
  signal,
}: {
  readonly emulator: Emulator;
  readonly signal: AbortSignal;
}): Promise<KeptPromises> {
  const client = new DynamoDBClient(emulator.client);
  const control = sorted(controlOfPromises());
  const queues = watchQueues(
    emulator,
    ["Book", "Reserve", "Pay"].map((name) => drillConsumer(bus, name)),
  );
  const look = async (): Promise<KeptPromises> => ({
    ...{ found: await readTable(client), control, waiting: await waitingIn(client) },
  });
  const isOver = ({ found, waiting }: KeptPromises) =>
    waiting === 0 && Object.entries(control).every(([name, n]) => (found[name] ?? 0) >= n);
  try {
    for (const one of promises) await write(client, one);
    const endMs = systemClock.nowMs() + patienceMs;
    while (!isOver(await look()) && systemClock.nowMs() < endMs) {
      await sleep(systemClock, lookMs, signal);
      signal.throwIfAborted();
    }
    // What would be done twice is done by then.
    await queues.settled(signal);
    return await look();
  } finally {
    queues.stop();
    client.destroy();
  }
}

const neverTrue = {
  ConditionCheck: {
    TableName: promisesTable,
    Key: { pk: { S: "never" } },
    ConditionExpression: "attribute_exists(pk)",
  },
};

async function write(client: DynamoDBClient, { order, cents, isRolledBack, isKilled }: Promised) {
  const outbox = createOutbox({ table: outboxTableName(bus), source: promisesSource });
  const event = await outbox.add(orderPromised, { order, cents, isKilled });
  const Item = { pk: { S: `order ${order}` }, n: { N: String(cents) } };
  const TransactItems = [
    { Put: { TableName: promisesTable, Item } },
    ...event,
    ...(isRolledBack ? [neverTrue] : []),
  ];
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
  } catch (error) {
    if (!(isRolledBack && error instanceof TransactionCanceledException)) throw error;
  }
}

async function readTable(client: DynamoDBClient): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for await (const { Items = [] } of paginateScan({ client }, { TableName: promisesTable })) {
    for (const { pk, n } of Items) found[pk?.S ?? ""] = Number(n?.N);
  }
  return sorted(found);
}

function sorted(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).sort());
}

async function waitingIn(client: DynamoDBClient): Promise<number> {
  let rows = 0;
  // The leases of sweeps have no body.
  const input = { TableName: outboxTableName(bus), FilterExpression: "attribute_exists(body)" };
  for await (const { Count = 0 } of paginateScan({ client }, input)) rows += Count;
  return rows;
}
