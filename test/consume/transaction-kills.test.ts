import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { sleep } from "../../src/clock.ts";
import { consume, inMemoryQueues, type SqsRecord } from "../../src/consume/index.ts";
import { type InMemoryLedger, inMemoryLedger, type LedgerItem } from "../../src/ledger/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { inMemoryTables, inMemoryTransactions, type TransactionStore } from "../../src/transaction/index.ts";
import { again, order, orderCreated, record, settingsFor, stockLocked } from "../helpers/consumer-world.ts";
import { type Fate, mortality } from "../helpers/mortal.ts";
import { account, accounts, add } from "../helpers/transaction-world.ts";

const ends = ["dies-before", "dies-after", "throws-before", "throws-after"] as const;

/**
 * Workers on one ledger and one table of accounts, each batch a process that any call may kill: a transfer takes from one
 * account, gives to another one, counts itself, and emits. What is not acknowledged is delivered again.
 */
async function play(
  transfers: readonly { from: string; to: string; cents: number }[],
  {
    fate,
    seed = 1,
    sleepers = [],
    unfenced = false,
  }: {
    fate: Fate;
    seed?: number;
    /** Transfers whose first run sleeps until others have taken over, and goes on then: a process that was frozen. */
    sleepers?: readonly number[];
    /** A planted bug: commits whoever has the claim. */
    unfenced?: boolean;
  },
) {
  const clock = virtualClock({ seed, turns: 1 });
  const ledger = inMemoryLedger({ keepMs: 40 * 86_400_000, clock });
  const tables = inMemoryTables({ [accounts]: ["account"] });
  const fenced = inMemoryTransactions({ ledger, tables });
  const transactions = unfenced ? withoutFence(fenced, ledger) : fenced;
  const topics = inMemoryTopics();
  const deaths = mortality(fate);
  const waiting: SqsRecord[] = transfers.map((_, at) => record(order({ id: `t${at}` })));
  const invoke = async (records: readonly SqsRecord[]) => {
    const process = deaths.process();
    const lambda = consume(
      orderCreated,
      async ({ id, data }, ctx) => {
        const { from, to, cents } = transfers[Number(id.slice(1))] ?? { from: "?", to: "?", cents: 0 };
        if (ctx.attempt === 1 && sleepers.includes(Number(id.slice(1)))) await sleep(clock, 45_000);
        const before = await ctx.read({ TableName: accounts, Key: account(from) });
        ctx.write(add(from, -cents, before ? "attribute_exists(account)" : "attribute_not_exists(account)"));
        ctx.write(add(`count ${id}`, 1));
        ctx.emit(stockLocked, { orderId: data.orderId });
        return add(to, cents);
      },
      {
        settings: settingsFor({ mode: "transaction", attempts: 1_000, parallel: 3 }),
        ledger: process.wrap(ledger, { mayThrow: true }),
        transactions: process.wrap(transactions, { mayThrow: true }),
        topics: process.wrap(topics, { mayThrow: true }),
        queues: inMemoryQueues(),
        clock,
        sink: () => {},
        endProcess: () => {},
      },
    );
    const endsMs = clock.nowMs() + 10_000;
    const context = {
      awsRequestId: `request-${deaths.calls}`,
      getRemainingTimeInMillis: () => endsMs - clock.nowMs(),
    };
    const answer = await process.run(lambda({ Records: records }, context));
    // A dead one is noticed when its time is over, as by SQS.
    const come = new Set(
      (answer?.batchItemFailures ?? records.map(({ messageId }) => ({ itemIdentifier: messageId }))).map(
        ({ itemIdentifier }) => itemIdentifier,
      ),
    );
    waiting.push(...records.filter(({ messageId }) => come.has(messageId)).map(again));
  };
  for (let rounds = 0; waiting.length > 0; rounds++) {
    if (rounds > 500) throw new Error("transfers come again and again");
    const batches = Array.from({ length: 5 }, () => waiting.splice(0, 3)).filter(({ length }) => length > 0);
    // The same message twice at once, as SQS does at times.
    if (rounds === 0 && batches[0]) batches.push([...batches[0]]);
    await clock.until(Promise.all(batches.map(invoke)));
    await clock.advance(20_000);
  }
  // Who slept wakes up.
  await clock.advance(60_000);
  const cents = (name: string) =>
    Number(tables.get({ TableName: accounts, Key: account(name) })?.cents?.N ?? 0);
  return { cents, deaths, topics, ledger };
}

function withoutFence(store: TransactionStore, { items }: InMemoryLedger): TransactionStore {
  return {
    ...store,
    commit: (attempt) => {
      const item = items.get(attempt.key);
      if (item)
        (items as Map<string, LedgerItem>).set(attempt.key, {
          ...item,
          owner: attempt.owner,
          state: "claimed",
        });
      return store.commit(attempt);
    },
  };
}

function expected(transfers: readonly { from: string; to: string; cents: number }[]) {
  const sums = new Map<string, number>();
  for (const { from, to, cents } of transfers) {
    sums.set(from, (sums.get(from) ?? 0) - cents);
    sums.set(to, (sums.get(to) ?? 0) + cents);
  }
  return sums;
}

describe("mode transaction, where any call may fail or be its process's last", () => {
  const transfers = [
    { from: "a", to: "b", cents: 5 },
    { from: "b", to: "a", cents: 3 },
    { from: "a", to: "c", cents: 7 },
    { from: "c", to: "b", cents: 1 },
  ];

  const verify = (world: Awaited<ReturnType<typeof play>>, of: typeof transfers, where: string) => {
    for (const [name, sum] of expected(of))
      expect([where, name, world.cents(name)]).toEqual([where, name, sum]);
    of.forEach((_, at) => {
      expect([where, world.cents(`count t${at}`)]).toEqual([where, 1]);
    });
    const emitted = world.topics.taken("arn:aws:sns:us-east-1:000000000000:shop-stock");
    const ids = new Set(emitted.map(({ body }) => (JSON.parse(body) as { id: string }).id));
    expect([where, ids.size]).toEqual([where, of.length]);
  };

  it("has each effect exactly once, whichever call it is and whether it had its effect", async () => {
    const { deaths } = await play(transfers, { fate: () => "lives" });
    expect(deaths.calls).toBeGreaterThan(12);

    for (let at = 1; at <= deaths.calls; at++) {
      for (const end of ends) {
        const world = await play(transfers, { fate: (call) => (call === at ? end : "lives") });
        const where = `${end} at call ${at}`;

        if (end.startsWith("dies")) expect([where, world.deaths.deaths]).toEqual([where, 1]);
        verify(world, transfers, where);
      }
    }
  });

  it("commits nothing of a process that slept over its lease, and would without the fence", async () => {
    const fate: Fate = () => "lives";
    const sleeping = { fate, sleepers: [0, 2] };

    verify(await play(transfers, sleeping), transfers, "fenced");

    const broken = await play(transfers, { ...sleeping, unfenced: true });
    expect(broken.cents("count t0")).toBe(2);
  });

  it("keeps the sum, and does each transfer once, whatever dies when", async () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const transfer = fc
      .record({ from: name, to: name, cents: fc.integer({ min: 1, max: 100 }) })
      .filter(({ from, to }) => from !== to);
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(transfer, { minLength: 5, maxLength: 30 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 150 }), fc.constantFrom(...ends)), {
          minLength: 10,
          maxLength: 40,
        }),
        fc.array(fc.nat({ max: 29 }), { maxLength: 4 }),
        fc.nat(),
        async (some, fates, sleepers, seed) => {
          const fateOf = new Map(fates);
          const fate: Fate = (call) => fateOf.get(call) ?? "lives";
          const world = await play(some, { fate, seed, sleepers });

          verify(world, some, `seed ${seed}`);
          deaths += world.deaths.deaths;
        },
      ),
      { numRuns: 60 },
    );
    expect(deaths).toBeGreaterThan(100);
  }, 60_000);
});
