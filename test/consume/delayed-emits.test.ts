import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { createTestBus } from "../../local/testing/index.ts";
import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { consume, type Handler, inMemoryQueues, type SqsRecord } from "../../src/consume/index.ts";
import { defineEvent, emittedId } from "../../src/contract/index.ts";
import { type Delayed, delayKeyOf, inMemoryDelays, parseDelayed } from "../../src/delay/index.ts";
import { delayer } from "../../src/delayer/index.ts";
import type { ConsumerMode } from "../../src/env.ts";
import { inMemoryLedger, ledgerKey } from "../../src/ledger/index.ts";
import { createPublisher, inMemoryTopics } from "../../src/publish/index.ts";
import { inMemoryTables, inMemoryTransactions } from "../../src/transaction/index.ts";
import {
  again,
  consumerWorld,
  order,
  orderCreated,
  record,
  settingsFor,
  stockLocked,
} from "../helpers/consumer-world.ts";
import { type Fate, mortality } from "../helpers/mortal.ts";
import { accounts, add } from "../helpers/transaction-world.ts";

const stockTopic = "arn:aws:sns:us-east-1:000000000000:shop-stock";
const source = "/shop/LockStock";
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const place = { account: "000000000000", region: "us-east-1" };

/** A consumer of a bus that delays: what it hands over is noted, and passed on by the real function. */
function world(handler: Handler<typeof orderCreated>, { mode = "once" }: { mode?: ConsumerMode } = {}) {
  const clock = virtualClock();
  const topics = inMemoryTopics();
  const delays = inMemoryDelays({ clock });
  const handed = passOn({ clock, topics, delays });
  const consumer = consumerWorld(handler, {
    ...{ clock, topics },
    settings: { delays: true, mode },
    parts: { delays },
  });
  return { ...consumer, delays, handed };
}

/** The function behind the delay queue; answers what it is handed. */
function passOn({
  clock,
  topics,
  delays,
}: {
  clock: VirtualClock;
  topics: ReturnType<typeof inMemoryTopics>;
  delays: ReturnType<typeof inMemoryDelays>;
}): readonly Delayed[] {
  const handed: Delayed[] = [];
  const publisher = createPublisher({
    ...{ bus: "shop", ...place, topics, clock, lingerMs: 0 },
    source: "/test",
  });
  const pass = delayer(
    { v: 1, bus: "shop", ...place, roleArn: "arn:aws:iam::000000000000:role/r" },
    { ...delays, publisher, clock, sink: () => {} },
  );
  delays.receive(async (body) => {
    handed.push(parseDelayed(body));
    const { batchItemFailures } = await pass({ Records: [{ messageId: "m", body }] });
    if (batchItemFailures.length > 0) throw new Error("it comes again");
  });
  return handed;
}

const errorsOf = (lines: readonly Record<string, unknown>[]) =>
  lines.flatMap(({ error }) => (error === undefined ? [] : [String(error)]));

describe("ctx.emit of what is due later", () => {
  it.each(["once", "record", "none"] as const)(
    "publishes it then, and not before (mode %s)",
    async (mode) => {
      const { deliver, clock, topics, ledger } = world(
        (event, ctx) => {
          ctx.emit(stockLocked, { orderId: "now" });
          ctx.emit(stockLocked, { orderId: event.data.orderId }, { afterMs: hourMs });
        },
        { mode },
      );

      await deliver([record(order({ id: "x" }))]);
      const atOnce = topics.taken(stockTopic).map(({ id }) => id);
      await clock.advance(hourMs - 1_000);
      const before = topics.taken(stockTopic).length;
      await clock.advance(3_000);

      const ids = ["#0", "#1"].map((key) =>
        emittedId({ consumer: "LockStock", source: "/shop/web", id: "x", key }),
      );
      expect(atOnce).toEqual([ids[0]]);
      expect(before).toBe(1);
      const [, later] = topics.taken(stockTopic);
      expect(later?.id).toBe(ids[1]);
      expect(JSON.parse(later?.body ?? "")).toMatchObject({ source, causationid: "x", hop: 1 });
      expect([...ledger.items.values()].flatMap(({ emits }) => emits ?? [])).toEqual([]);
    },
  );

  it("counts afterMs from the call, and publishes at once what has passed by then", async () => {
    const { deliver, clock, topics, delays } = world(async (_, ctx) => {
      await new Promise<void>((resolve) => clock.after(5_000, resolve));
      ctx.emit(stockLocked, { orderId: "a" }, { at: new Date(clock.nowMs() - 1) });
      ctx.emit(stockLocked, { orderId: "b" }, { afterMs: 1_000 });
    });

    await deliver([record(order())]);

    expect([topics.taken(stockTopic).length, delays.waiting]).toEqual([1, 1]);
    await clock.advance(2_000);
    expect(topics.taken(stockTopic)).toHaveLength(2);
  });

  it("says what cannot be: no delay on the bus, two times, over a year, too large for a schedule", async () => {
    const reasons: string[] = [];
    const refused: Handler<typeof orderCreated> = (_, ctx) => {
      for (const [orderId, when] of [
        ["", { afterMs: 1, at: new Date(0) }],
        ["", { afterMs: 367 * 24 * hourMs }],
        ['"'.repeat(90_000), { afterMs: hourMs }],
        ["", { afterMs: 1_000 }],
      ] as const) {
        try {
          ctx.emit(stockLocked, { orderId }, when);
        } catch (error) {
          reasons.push((error as Error).message);
        }
      }
    };

    await world(refused).deliver([record(order())]);
    const withDelay = reasons.splice(0);
    await consumerWorld(refused).deliver([record(order())]);

    expect(withDelay).toEqual([
      expect.stringContaining("both given"),
      expect.stringContaining("366 are allowed"),
      expect.stringContaining("262144 are allowed"),
    ]);
    expect(reasons.at(-1)).toContain("LockStock may not delay what it emits: its bus has no delay");
  });

  it("is stored with its time: a redelivery hands over the same bytes, due at the same time", async () => {
    let down = true;
    const { deliver, ledger, delays, handed, clock } = world((event, ctx) => {
      ctx.emit(stockLocked, { orderId: event.data.orderId }, { afterMs: hourMs });
    });
    const { send } = delays.queue;
    Object.assign(delays.queue, {
      send: async (body: string, delaySeconds: number) => {
        if (down) throw new Error("no network");
        return send(body, delaySeconds);
      },
    });
    const dueMs = clock.nowMs() + hourMs;
    const one = record(order({ id: "x" }));
    const first = await deliver([one]);
    const key = ledgerKey({ consumer: "LockStock", source: "/shop/web", id: "x" });
    const stored = ledger.items.get(key)?.emits;
    down = false;
    await clock.advance(10 * minuteMs);

    await deliver([again(one)]);
    await clock.advance(2 * hourMs);

    expect(first.batchItemFailures).toHaveLength(1);
    expect(stored).toMatchObject([{ dueMs }]);
    const { dueMs: _, ...message } = stored?.[0] ?? { dueMs: 0 };
    expect(new Set(handed.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ v: 1, dueMs, message })]),
    );
  });

  it("does not send what was cancelled, also where the run that stored it ended long after it was due", async () => {
    let down = true;
    const { deliver, delays, clock, topics } = world((_, ctx) => {
      ctx.emit(stockLocked, { orderId: "" }, { afterMs: minuteMs, key: "reminder" });
    });
    const { send } = delays.queue;
    Object.assign(delays.queue, {
      send: async (body: string, delaySeconds: number) => {
        // Taken, and the answer lost.
        const id = await send(body, delaySeconds);
        if (down) throw new Error("no network");
        return id;
      },
    });
    const one = record(order({ id: "x" }));
    await deliver([one]);
    const id = emittedId({ consumer: "LockStock", source: "/shop/web", id: "x", key: "=reminder" });
    await delays.states.decide(delayKeyOf({ source, id }), "cancelled", Number.POSITIVE_INFINITY);
    down = false;
    await clock.advance(hourMs);

    const second = await deliver([again(one)]);
    await clock.advance(hourMs);

    expect(second.batchItemFailures).toEqual([]);
    expect(topics.taken(stockTopic)).toEqual([]);
  });

  it("comes again where the bus has no queue for it, and says what to deploy", async () => {
    const { deliver, delays, lines } = world((_, ctx) => {
      ctx.emit(stockLocked, { orderId: "" }, { afterMs: minuteMs });
    });
    Object.assign(delays.queue, {
      send: async () => {
        throw new Error("there is no queue shop-delayed");
      },
    });

    const response = await deliver([record(order())]);

    expect(response.batchItemFailures).toHaveLength(1);
    expect(JSON.stringify(errorsOf(lines).concat(JSON.stringify(lines)))).toContain(
      "there is no queue shop-delayed",
    );
  });
});

const ends = ["dies-before", "dies-after", "throws-before", "throws-after"] as const;

/** Two orders, each with a reminder in a minute and one in two hours, by processes of which any call may be the last. */
async function play(mode: ConsumerMode, fate: Fate) {
  const clock = virtualClock({ turns: 1 });
  const ledger = inMemoryLedger({ keepMs: 40 * 86_400_000, clock });
  const tables = inMemoryTables({ [accounts]: ["account"] });
  const transactions = inMemoryTransactions({ ledger, tables });
  const topics = inMemoryTopics();
  const delays = inMemoryDelays({ clock });
  const handed = passOn({ clock, topics, delays });
  const beginMs = clock.nowMs();
  const deaths = mortality(fate);
  const waiting: SqsRecord[] = ["t0", "t1"].map((id) => record(order({ id })));
  for (let rounds = 0; waiting.length > 0; rounds++) {
    if (rounds > 50) throw new Error("orders come again and again");
    const process = deaths.process();
    const batch = waiting.splice(0);
    const lambda = consume(
      orderCreated,
      ({ id, data }, ctx) => {
        ctx.emit(stockLocked, data, { key: "soon", afterMs: minuteMs });
        ctx.emit(stockLocked, data, { key: "late", at: new Date(beginMs + 2 * hourMs) });
        return mode === "transaction" ? add(id, 1) : undefined;
      },
      {
        settings: settingsFor({ mode, attempts: 1_000, delays: true }),
        ledger: process.wrap(ledger, { mayThrow: true }),
        transactions: process.wrap(transactions, { mayThrow: true }),
        topics: process.wrap(topics, { mayThrow: true }),
        delays: { ...delays, queue: process.wrap(delays.queue, { mayThrow: true }) },
        queues: inMemoryQueues(),
        clock,
        sink: () => {},
        endProcess: () => {},
      },
    );
    const endsMs = clock.nowMs() + 10_000;
    const context = { awsRequestId: `r-${rounds}`, getRemainingTimeInMillis: () => endsMs - clock.nowMs() };
    const answer = await clock.until(process.run(lambda({ Records: batch }, context)));
    const failed = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    waiting.push(...batch.filter(({ messageId }) => !answer || failed.has(messageId)).map(again));
    await clock.advance(20_000);
  }
  await clock.advance(3 * hourMs);
  return { deaths, handed, sent: topics.taken(stockTopic), waiting: delays.waiting };
}

describe("delayed emits, where any call may fail or be its process's last", () => {
  it.each(["once", "transaction", "record"] as const)(
    "are each handed over with one id, one time and the same bytes, and none is lost (mode %s)",
    async (mode) => {
      const { deaths } = await play(mode, () => "lives");
      expect(deaths.calls).toBeGreaterThan(5);

      for (let at = 1; at <= deaths.calls; at++) {
        for (const end of ends) {
          const world = await play(mode, (call) => (call === at ? end : "lives"));
          const where = `${end} at call ${at}`;

          if (end.startsWith("dies")) expect([where, world.deaths.deaths]).toEqual([where, 1]);
          expect([where, new Set(world.sent.map(({ id }) => id)).size]).toEqual([where, 4]);
          // Whatever was handed over, and however often: one time and one text for each id.
          const told = new Set(
            world.handed.map(({ dueMs, message }) => `${message.id} ${dueMs} ${message.body}`),
          );
          expect([where, told.size, world.waiting]).toEqual([where, 4, 0]);
        }
      }
    },
  );

  it("would be told by this if the time were made anew with each try", async () => {
    const clock = virtualClock();
    const delays = inMemoryDelays({ clock });
    const told = new Set<number>();
    delays.receive(async (body) => void told.add(parseDelayed(body).dueMs));
    let isFirst = true;
    const { deliver } = consumerWorld(
      (_, ctx) => {
        ctx.emit(stockLocked, { orderId: "" }, { afterMs: minuteMs });
      },
      // Nothing is stored: mode `none` promises less.
      { clock, settings: { delays: true, mode: "none" }, parts: { delays } },
    );
    const { send } = delays.queue;
    Object.assign(delays.queue, {
      send: async (body: string, delaySeconds: number) => {
        const id = await send(body, delaySeconds);
        if (isFirst) {
          isFirst = false;
          throw new Error("the answer is lost");
        }
        return id;
      },
    });
    const one = record(order());
    await deliver([one]);
    await clock.advance(10_000);
    await deliver([again(one)]);
    await clock.advance(hourMs);

    expect(told.size).toBe(2);
  });
});

describe("createTestBus", () => {
  it("delays what a handler emits, and cancels it by its id", async () => {
    const reminder = defineEvent("reminder.due", {
      version: 1,
      topic: "reminders",
      schema: z.object({ orderId: z.string() }),
    });
    const handler = consume(orderCreated, ({ data: { orderId } }, ctx) =>
      ctx.emit(reminder, { orderId }, { key: "reminder", afterMs: 24 * hourMs }),
    );
    const bus = createTestBus({ consumers: { Remind: { handler, emits: [reminder] } } });
    const startMs = bus.clock.nowMs();

    await bus.publish(orderCreated, { orderId: "o-1", cents: 1 }, { id: "o-1" });
    await bus.publish(orderCreated, { orderId: "o-2", cents: 1 }, { id: "o-2" });
    await bus.waitForHandled("o-2");
    const id = emittedId({ consumer: "Remind", source: "/test", id: "o-2", key: "=reminder" });
    expect(await bus.cancel(id, { source: "/test/Remind" })).toBe("cancelled");
    await bus.idle({ withinMs: 48 * hourMs });

    expect(bus.eventsOf(reminder).map(({ data }) => data.orderId)).toEqual(["o-1"]);
    expect(bus.clock.nowMs()).toBeGreaterThanOrEqual(startMs + 24 * hourMs);
  });
});
