import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import type { ConsumeOptions, Handler } from "../../src/consume/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { inMemoryLedger } from "../../src/ledger/index.ts";
import {
  type InMemoryTables,
  type Item,
  inMemoryTables,
  inMemoryTransactions,
  type TransactionStore,
  type Write,
} from "../../src/transaction/index.ts";
import { type ConsumerWorld, consumerWorld, type orderCreated } from "./consumer-world.ts";

/** The table of `transactionWorld`. */
export const accounts = "accounts";

/** A key of it. */
export const account = (name: string): Item => ({ account: { S: name } });

/** Adds to an account, under a condition if there is one. */
export function add(name: string, cents: number, ConditionExpression?: string): Write {
  return {
    Update: {
      TableName: accounts,
      Key: account(name),
      UpdateExpression: "ADD cents :cents",
      ExpressionAttributeValues: { ":cents": { N: String(cents) } },
      ...(ConditionExpression ? { ConditionExpression } : {}),
    },
  };
}

/** A consumer in mode `transaction`, with a table of accounts in memory. */
export function transactionWorld(
  handler: Handler<typeof orderCreated>,
  {
    settings = {},
    parts = {},
    store = (own) => own,
    clock = virtualClock(),
  }: {
    settings?: Partial<ConsumerSettings>;
    parts?: Partial<ConsumeOptions>;
    /** What stands in front of the transactions. */
    store?: (own: TransactionStore) => TransactionStore;
    clock?: VirtualClock;
  } = {},
): ConsumerWorld & { readonly tables: InMemoryTables; cents(name: string): number } {
  const ledger = inMemoryLedger({ keepMs: 40 * 86_400_000, clock });
  const tables = inMemoryTables({ [accounts]: ["account"] });
  const transactions = store(inMemoryTransactions({ ledger, tables }));
  const world = consumerWorld(handler, {
    settings: { mode: "transaction", ...settings },
    clock,
    ledger,
    parts: { transactions, ...parts },
  });
  return {
    ...world,
    tables,
    cents: (name) => Number(tables.get({ TableName: accounts, Key: account(name) })?.cents?.N ?? 0),
  };
}
