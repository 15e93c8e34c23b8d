import { describe, expect, it } from "@jest/globals";
import { createBooker } from "../../../drills/exactly-once/booker.ts";
import { transferAsked, transferBooked } from "../../../drills/exactly-once/contracts.ts";
import type { Crash, Die } from "../../../drills/exactly-once/crash-points.ts";
import { type Call, judge } from "../../../drills/exactly-once/judge.ts";
import { booksTable } from "../../../drills/exactly-once/names.ts";
import { createTeller } from "../../../drills/exactly-once/teller.ts";
import { transferOf } from "../../../drills/exactly-once/transfers.ts";
import { virtualClock } from "../../../local/testing/index.ts";
import {
  type ConsumeOptions,
  inMemoryQueues,
  type SqsHandler,
  type SqsRecord,
} from "../../../src/consume/index.ts";
import { contractKey, sealEvent } from "../../../src/contract/index.ts";
import { type InMemoryLedger, inMemoryLedger } from "../../../src/ledger/index.ts";
import { inMemoryTopics } from "../../../src/publish/index.ts";
import {
  inMemoryTables,
  inMemoryTransactions,
  type TransactionStore,
} from "../../../src/transaction/index.ts";
import { again, record, settingsFor } from "../../helpers/consumer-world.ts";
import { type Mortal, mortality } from "../../helpers/mortal.ts";

const transfers = 300;

/** The drill's small version: its processes and its judge, on tables, ledgers and a partner in memory, in virtual time. */
function createWorld() {
  const clock = virtualClock({ turns: 1 });
  const tables = inMemoryTables({ [booksTable]: ["id"] });
  const calls: Record<string, Call[]> = {};
  const crashes: Crash[] = [];
  let isDying = false;
  const deaths = mortality(() => (isDying ? "dies-before" : "lives"));

  const dieOf =
    (process: Mortal): Die =>
    (point, index, invocation) => {
      crashes.push({ point, pid: 0, index, invocation });
      isDying = true;
      const end = process.step((): never => {
        throw new Error("a process has outlived its end");
      });
      isDying = false;
      return end;
    };
  /** Delivers all transfers to processes, ten at a time, four of them at once; what is not acknowledged comes again. */
  const deliver = async (
    consumer: string,
    start: (process: Mortal, options: ConsumeOptions) => SqsHandler,
    mode: "once" | "transaction",
    ledger: InMemoryLedger,
  ) => {
    let invocations = 0;
    const waiting: SqsRecord[] = Array.from({ length: transfers }, (_, index) => {
      const data = { ...transferOf(index), partner: "partner" };
      const sealed = sealEvent(transferAsked, data, {
        id: `t-${index}`,
        source: "/bank/desk",
        timeMs: clock.nowMs(),
      });
      if (sealed instanceof Promise) throw new Error("this contract is validated at once");
      return record(sealed);
    });
    const invoke = async (records: readonly SqsRecord[]) => {
      const process = deaths.process();
      const handler = start(process, {
        settings: settingsFor({
          ...{ consumer, mode, attempts: 100 },
          on: [contractKey(transferAsked)],
          emits: [contractKey(transferBooked)],
        }),
        ...{ clock, queues: inMemoryQueues(), sink: () => {}, endProcess: () => {} },
        ledger: process.wrap(ledger),
        topics: process.wrap(inMemoryTopics()),
      });
      const endsMs = clock.nowMs() + 5_000;
      const getRemainingTimeInMillis = () => endsMs - clock.nowMs();
      const context = { awsRequestId: `${consumer}-${invocations++}`, getRemainingTimeInMillis };
      const answer = await process.run(handler({ Records: records }, context));
      const failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      waiting.push(...records.filter(({ messageId }) => failed?.includes(messageId) ?? true).map(again));
    };
    while (waiting.length > 0) {
      const batches = Array.from({ length: 4 }, () => waiting.splice(0, 10)).filter(
        ({ length }) => length > 0,
      );
      await clock.until(Promise.all(batches.map(invoke)));
      await clock.advance(10_000);
    }
  };
  const books = () => {
    const items = tables.items(booksTable).map(({ id, cents, times }) => ({ id: id?.S ?? "", cents, times }));
    const numbers = (name: "cents" | "times", prefix: string) =>
      Object.fromEntries(
        items.flatMap(({ id, [name]: value }) =>
          value?.N ? [[id.replace(prefix, ""), Number(value.N)]] : [],
        ),
      );
    return { balances: numbers("cents", ""), times: numbers("times", "transfer-") };
  };
  const ledger = () => inMemoryLedger({ keepMs: 86_400_000, clock });

  return {
    async book(
      spoil: (store: TransactionStore, ledger: InMemoryLedger) => TransactionStore = (store) => store,
    ) {
      const own = ledger();
      const store = spoil(inMemoryTransactions({ ledger: own, tables }), own);
      const start = (process: Mortal, options: ConsumeOptions) =>
        createBooker({ store: process.wrap(store), die: dieOf(process), options });
      await deliver("Book", start, "transaction", own);
    },
    async tell(keyOf = (key: string) => key) {
      const start = (process: Mortal, options: ConsumeOptions) =>
        createTeller({
          call: (_, { index, key, invocation }) =>
            process.step(() => {
              calls[index] = [...(calls[index] ?? []), { key: keyOf(key), invocation }];
            }),
          die: dieOf(process),
          options,
        });
      await deliver("Tell", start, "once", ledger());
    },
    judged: () => judge({ transfers, wantedKills: 5, books: books(), calls, crashes }),
  };
}

describe("the exactly-once drill, in memory", () => {
  it("books each transfer once, and repeats no call but behind a kill, under the same key", async () => {
    const world = createWorld();

    await world.book();
    await world.tell();

    const result = world.judged();
    expect(result).toMatchObject({ findings: [], doubled: 0, lost: 0, unexplained: 0, pass: true });
    expect(result.kills).toBe(10);
    expect(result.extraCalls).toBeGreaterThan(0);
  });

  it("fails where effects are committed apart from their record", async () => {
    const world = createWorld();

    await world.book((store, ledger) => ({
      ...store,
      commit: async (attempt) => {
        const item = ledger.items.get(attempt.key);
        await store.commit(attempt);
        // As if the record were a call of its own, which the killed process has not made.
        if (item) (ledger.items as Map<string, unknown>).set(attempt.key, item);
        return { status: "committed" };
      },
    }));

    expect(world.judged().doubled).toBeGreaterThan(0);
  });

  it("fails where a repeated call has a key of its own", async () => {
    const world = createWorld();
    let made = 0;

    await world.tell((key) => `${key}-${made++}`);

    expect(world.judged().findings.join()).toMatch(/under several effect keys/);
  });
});
