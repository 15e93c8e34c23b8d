import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { createTestBus } from "../../local/testing/index.ts";
import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { type ClaimStore, claimKey, claimLimits, claimRef } from "../../src/claim-check/index.ts";
import { consume, type Handler, inMemoryQueues, type SqsRecord } from "../../src/consume/index.ts";
import { contractKey, dataHash, defineEvent } from "../../src/contract/index.ts";
import { inMemoryDelays } from "../../src/delay/index.ts";
import type { ConsumerMode } from "../../src/env.ts";
import { type InMemoryLedger, inMemoryLedger, ledgerKey } from "../../src/ledger/index.ts";
import { claimsBucketName } from "../../src/names.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { inMemoryObjects } from "../../src/segments/index.ts";
import { inMemoryTables, inMemoryTransactions, type TransactionStore } from "../../src/transaction/index.ts";
import { again, consumerWorld, order, orderCreated, record, settingsFor } from "../helpers/consumer-world.ts";
import { type Fate, mortality } from "../helpers/mortal.ts";
import { accounts, add } from "../helpers/transaction-world.ts";

const reportWritten = defineEvent("report.written", {
  version: 1,
  topic: "reports",
  schema: z.object({ text: z.string() }),
});
const large = { text: "x".repeat(300_000) };
const topicArn = "arn:aws:sns:us-east-1:000000000000:shop-reports";
const bucket = claimsBucketName("shop", "000000000000", "us-east-1");
const mayClaim = { claims: { keepMs: null }, emits: [contractKey(reportWritten)] };
const dayMs = 86_400_000;

/** A consumer that emits, of a bus with claims; `down` answers what a call of the bucket throws. */
function world(
  handler: Handler<typeof orderCreated>,
  {
    settings = {},
    topics = inMemoryTopics(),
    down = () => undefined,
    clock = virtualClock(),
    ledger = inMemoryLedger({ keepMs: 40 * dayMs, clock }),
    transactions,
  }: {
    settings?: Parameters<typeof settingsFor>[0];
    topics?: ReturnType<typeof inMemoryTopics>;
    down?: () => Error | undefined;
    clock?: VirtualClock;
    ledger?: InMemoryLedger;
    transactions?: TransactionStore;
  } = {},
) {
  const store = inMemoryObjects();
  const puts: { key: string; atMs: number }[] = [];
  const claimStore: ClaimStore = {
    get: store.get,
    async put(key, body) {
      const error = down();
      if (error) throw error;
      puts.push({ key, atMs: clock.nowMs() });
      return store.put(key, body);
    },
  };
  const delays = inMemoryDelays({ clock });
  const consumer = consumerWorld(handler, {
    ...{ clock, topics, ledger },
    settings: { ...mayClaim, delays: true, ...settings },
    parts: { claimStore, delays, ...(transactions ? { transactions } : {}) },
  });
  return { ...consumer, store, puts, delays };
}

/** The same in mode `transaction`, and replays of it whose effects are withheld. */
function shadowWorld(handler: Handler<typeof orderCreated>) {
  const clock = virtualClock();
  const ledger = inMemoryLedger({ keepMs: 40 * dayMs, clock });
  const transactions = inMemoryTransactions({ ledger, tables: inMemoryTables({}) });
  const made = world(handler, { settings: { mode: "transaction" }, clock, ledger, transactions });
  const replayOf = (nth: string) => `20260131-120000-00000${nth}-shadow`;
  return {
    ...made,
    shadowOf: (message: ReturnType<typeof order>, nth: string) => {
      const stringValue = JSON.stringify({ replayId: replayOf(nth) });
      return record(message, { attributes: { omnibus: { dataType: "String", stringValue } as never } });
    },
    resultOf: (id: string, nth?: string) => {
      const replayId = nth === undefined ? undefined : replayOf(nth);
      return ledger.items.get(ledgerKey({ consumer: "LockStock", source: "/shop/web", id, replayId }))
        ?.result;
    },
  };
}

describe("ctx.emit of data that is too large for a message", () => {
  it.each(["once", "record", "none"] as const)("stores it, and emits a reference (mode %s)", async (mode) => {
    const { deliver, topics, store, clock, ledger } = world((_, ctx) => ctx.emit(reportWritten, large), {
      settings: { mode },
    });

    await deliver([record(order({ id: "x" }))]);

    const key = claimKey(dataHash(large), clock.nowMs());
    const [sent] = topics.taken(topicArn);
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({
      ...{ source: "/shop/LockStock", causationid: "x", dataref: claimRef(bucket, key) },
      datarefhash: dataHash(large),
    });
    expect(sent?.body).not.toContain("xxx");
    expect([...store.objects.keys()]).toEqual([key]);
    expect(
      ledger.items.get(ledgerKey({ consumer: "LockStock", source: "/shop/web", id: "x" }))?.emits,
    ).toBeUndefined();
  });

  it("stores nothing of a run that fails", async () => {
    const { deliver, puts } = world((_, ctx) => {
      ctx.emit(reportWritten, large);
      throw new Error("changed my mind");
    });

    await deliver([record(order())]);

    expect(puts).toEqual([]);
  });

  it("completes nothing before it is stored: the event comes again, no nearer to death", async () => {
    let isDown = true;
    let runs = 0;
    const { deliver, topics, ledger, lines } = world(
      (_, ctx) => {
        runs++;
        ctx.emit(reportWritten, large);
      },
      { down: () => (isDown ? new Error("slow down") : undefined), settings: { attempts: 2 } },
    );
    let one = record(order({ id: "x" }));
    const first = await deliver([one]);
    for (let tries = 0; tries < 3; tries++) {
      one = again(one);
      await deliver([one]);
    }
    const [item] = [...ledger.items.values()];
    const sentBefore = topics.taken(topicArn).length;
    isDown = false;

    const last = await deliver([again(one)]);

    expect(first.batchItemFailures).toHaveLength(1);
    expect(JSON.stringify(lines)).toContain("could not be stored in the bucket of claims: slow down");
    expect([item?.state, sentBefore]).toEqual(["released", 0]);
    expect([last.batchItemFailures, runs, topics.taken(topicArn).length]).toEqual([[], 5, 1]);
  });

  it("sends what was stored with its bytes, and has its data kept from then on", async () => {
    let isAway = true;
    const topics = inMemoryTopics({
      onMessage: () =>
        isAway ? { ok: false, code: "InternalError", message: "away", retryable: true } : undefined,
    });
    const { deliver, puts, clock, ledger } = world((_, ctx) => ctx.emit(reportWritten, large), { topics });
    const one = record(order({ id: "x" }));
    await deliver([one]);
    const stored = [...ledger.items.values()][0]?.emits;
    isAway = false;
    await clock.advance(20 * dayMs);

    await deliver([again(one)]);

    expect(topics.taken(topicArn)).toEqual(stored);
    expect(puts.map(({ key }) => key)).toEqual([puts[0]?.key, puts[0]?.key]);
    expect((puts[1]?.atMs ?? 0) - (puts[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(20 * dayMs);
  });

  it("waits with the resend until its data is renewed, and sends without it where that is gone", async () => {
    let isAway = true;
    let isDown = false;
    const topics = inMemoryTopics({
      onMessage: () =>
        isAway ? { ok: false, code: "InternalError", message: "away", retryable: true } : undefined,
    });
    const { deliver, store } = world((_, ctx) => ctx.emit(reportWritten, large), {
      topics,
      down: () => (isDown ? new Error("slow down") : undefined),
    });
    const one = record(order({ id: "x" }));
    await deliver([one]);
    [isAway, isDown] = [false, true];

    const second = await deliver([again(one)]);
    const sentThen = topics.taken(topicArn).length;
    await store.delete([...store.objects.keys()]);
    const third = await deliver([again(again(one))]);

    expect([second.batchItemFailures.length, sentThen]).toEqual([1, 0]);
    expect([third.batchItemFailures, topics.taken(topicArn).length]).toEqual([[], 1]);
  });

  it("stores nothing of a shadow, and compares it by its data on another day", async () => {
    let text = large.text;
    const { shadowOf, deliver, puts, clock, resultOf } = shadowWorld((_, ctx) =>
      ctx.emit(reportWritten, { text }),
    );
    const message = order({ id: "x" });
    await deliver([record(message)]);
    await clock.advance(dayMs);

    const same = await deliver([shadowOf(message, "1")]);
    text = `${large.text}y`;
    await deliver([shadowOf(message, "2")]);

    expect(same.batchItemFailures).toEqual([]);
    expect(puts).toHaveLength(1);
    expect(resultOf("x")).toMatch(/^[0-9a-f]{32}$/);
    expect(resultOf("x", "1")).toBe(resultOf("x"));
    expect(resultOf("x", "2")).toMatch(/^[0-9a-f]{32}$/);
    expect(resultOf("x", "2")).not.toBe(resultOf("x"));
  });

  it("refuses it without claims, over what claims take, over what is held at once, and beyond 15 minutes", async () => {
    const reasons: string[] = [];
    const emitting =
      (...emits: readonly [string, object?][]): Handler<typeof orderCreated> =>
      (_, ctx) => {
        for (const [text, when] of emits) {
          try {
            ctx.emit(reportWritten, { text }, when);
          } catch (error) {
            reasons.push((error as { code: string }).code);
          }
        }
      };
    const eleven = "y".repeat(11 * 1024 * 1024);

    await world(emitting(["x".repeat(claimLimits.defaultBytes)])).deliver([record(order())]);
    await world(emitting([eleven], [eleven], [eleven])).deliver([record(order())]);
    await world(emitting([large.text, { afterMs: 3_600_000 }])).deliver([record(order())]);
    const bare = settingsFor();
    await consumerWorld(emitting([large.text]), {
      settings: { ...bare, emits: mayClaim.emits },
    }).deliver([record(order())]);

    expect(reasons).toEqual(["claim-too-large", "emits-too-large", "delay", "too-large"]);
  });

  it("may be due within 15 minutes", async () => {
    const { deliver, delays, clock, store } = world((_, ctx) =>
      ctx.emit(reportWritten, large, { afterMs: 60_000 }),
    );
    const handed: string[] = [];
    delays.receive(async (body) => void handed.push(body));

    await deliver([record(order())]);
    await clock.advance(61_000);

    expect(handed).toHaveLength(1);
    expect(handed[0]).toContain("dataref");
    expect(store.objects.size).toBe(1);
  });
});

const ends = ["dies-before", "dies-after", "throws-before", "throws-after"] as const;

/** One order whose handler emits a large event, by processes of which any call may be the last; what was to be had when it was sent. */
async function play(mode: ConsumerMode, fate: Fate) {
  const clock = virtualClock({ turns: 1 });
  const ledger = inMemoryLedger({ keepMs: 40 * dayMs, clock });
  const tables = inMemoryTables({ [accounts]: ["account"] });
  const transactions = inMemoryTransactions({ ledger, tables });
  const store = inMemoryObjects();
  const sent: { body: string; isReadable: boolean }[] = [];
  const topics = inMemoryTopics({
    onMessage: ({ body }) => {
      sent.push({ body, isReadable: store.objects.size === 1 });
      return undefined;
    },
  });
  const deaths = mortality(fate);
  let waiting: SqsRecord | undefined = record(order({ id: "t0" }));
  for (let rounds = 0; waiting; rounds++) {
    if (rounds > 50) throw new Error("the order comes again and again");
    const process = deaths.process();
    const lambda = consume(
      orderCreated,
      ({ id }, ctx) => {
        ctx.emit(reportWritten, large);
        return mode === "transaction" ? add(id, 1) : undefined;
      },
      {
        settings: settingsFor({ ...mayClaim, mode, attempts: 1_000 }),
        ledger: process.wrap(ledger, { mayThrow: true }),
        transactions: process.wrap(transactions, { mayThrow: true }),
        topics: process.wrap(topics, { mayThrow: true }),
        claimStore: process.wrap<ClaimStore>({ get: store.get, put: store.put }, { mayThrow: true }),
        queues: inMemoryQueues(),
        clock,
        sink: () => {},
        endProcess: () => {},
      },
    );
    const endsMs = clock.nowMs() + 10_000;
    const context = { awsRequestId: `r-${rounds}`, getRemainingTimeInMillis: () => endsMs - clock.nowMs() };
    const records: readonly SqsRecord[] = [waiting];
    const answer = await clock.until(process.run(lambda({ Records: records }, context)));
    waiting = answer?.batchItemFailures.length === 0 ? undefined : again(waiting);
    await clock.advance(20_000);
  }
  return { deaths, sent };
}

describe("large emits, where any call may fail or be its process's last", () => {
  it.each(["once", "transaction", "record"] as const)(
    "are sent with the same bytes each time, and never before their data is there (mode %s)",
    async (mode) => {
      const { deaths } = await play(mode, () => "lives");
      expect(deaths.calls).toBeGreaterThan(3);

      for (let at = 1; at <= deaths.calls; at++) {
        for (const end of ends) {
          const world = await play(mode, (call) => (call === at ? end : "lives"));
          const where = `${end} at call ${at}`;

          if (end.startsWith("dies")) expect([where, world.deaths.deaths]).toEqual([where, 1]);
          expect([where, new Set(world.sent.map(({ body }) => body)).size]).toEqual([where, 1]);
          expect([where, world.sent.every(({ isReadable }) => isReadable)]).toEqual([where, true]);
        }
      }
    },
  );
});

describe("createTestBus", () => {
  it("gives the next consumer what was emitted, as if it had come with the event", async () => {
    const write = consume(orderCreated, (_, ctx) => ctx.emit(reportWritten, large));
    const lengths: number[] = [];
    const read = consume(reportWritten, ({ data }) => void lengths.push(data.text.length));
    const bus = createTestBus({
      claims: true,
      consumers: { Write: { handler: write, emits: [reportWritten] }, Read: read },
    });

    await bus.publish(orderCreated, { orderId: "o-1", cents: 1 });
    await bus.idle();

    expect(lengths).toEqual([300_000]);
  });
});
