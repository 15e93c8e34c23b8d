import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { createTestBus, virtualClock } from "../../local/testing/index.ts";
import { sleep } from "../../src/clock.ts";
import { consume, createPublisher, DependencyDown, defineEvent, PermanentError } from "../../src/index.ts";
import { limit } from "../../src/limits/index.ts";

const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string(), cents: z.number().int() }),
});
const stockLocked = defineEvent("stock.locked", {
  version: 1,
  topic: "stock",
  schema: z.object({ orderId: z.string() }),
});
const orderMoved = defineEvent("order.moved", {
  version: 1,
  topic: "moves.fifo",
  schema: z.object({ step: z.number() }),
});

const order = (orderId = "o-1") => ({ orderId, cents: 1250 });

/** A handler that fails as often as told, and remembers what it did. */
function flaky(failures: number, error: () => Error = () => new Error("no stock")) {
  const runs: string[] = [];
  const handler = consume(orderCreated, async (event) => {
    runs.push(event.data.orderId);
    if (runs.length <= failures) throw error();
  });
  return { runs, handler };
}

describe("createTestBus", () => {
  it("publishes a delayed event when it is due, and none that was cancelled", async () => {
    const days: number[] = [];
    const clock = virtualClock();
    const beginMs = clock.nowMs();
    const Remind = consume(orderCreated, () => void days.push((clock.nowMs() - beginMs) / 86_400_000));
    const bus = createTestBus({ consumers: { Remind }, clock });

    const { id } = await bus.publish(orderCreated, order(), { afterMs: 3 * 86_400_000 });
    const never = await bus.publish(orderCreated, order(), { afterMs: 86_400_000 });
    expect(await bus.cancel(never.id)).toBe("cancelled");
    await bus.waitForHandled(id, { withinMs: 4 * 86_400_000 });

    expect(days).toHaveLength(1);
    expect(days[0]).toBeCloseTo(3, 3);
    expect(bus.events.map((event) => event.id)).toEqual([id]);
    expect(await bus.cancel(id)).toBe("sent");
  });

  it("carries data that is too large for a message, where the bus has claims", async () => {
    const large = { orderId: "o".repeat(300_000), cents: 1 };
    const seen: number[] = [];
    const LockStock = consume(orderCreated, (event) => void seen.push(event.data.orderId.length));
    const bus = createTestBus({ consumers: { LockStock }, claims: true });

    const { id } = await bus.publish(orderCreated, large);
    await bus.waitForHandled(id);

    expect(seen).toEqual([300_000]);
    expect(bus.eventsOf(orderCreated)[0]?.data).toEqual(large);
    await expect(createTestBus().publish(orderCreated, large)).rejects.toMatchObject({ code: "too-large" });
  });

  it("brings an event back for as long as a partner is down, without an attempt for it", async () => {
    const attempts: number[] = [];
    let backAtMs = 0;
    const handler = consume(orderCreated, (_, ctx) => {
      attempts.push(ctx.attempt);
      if (bus.clock.nowMs() < backAtMs) throw new DependencyDown("payments");
    });
    const bus = createTestBus({ consumers: { LockStock: handler } });
    backAtMs = bus.clock.nowMs() + 86_400_000;

    const { id } = await bus.publish(orderCreated, order());
    await bus.waitForHandled(id, { withinMs: 2 * 86_400_000 });

    expect(attempts.length).toBeGreaterThan(50);
    expect(new Set(attempts)).toEqual(new Set([1]));
  });

  it("runs a handler for what is published, and tells what became of it", async () => {
    const { runs, handler } = flaky(0);
    const bus = createTestBus({ consumers: { LockStock: handler } });

    const { id, source } = await bus.publish(orderCreated, order());
    const outcomes = await bus.waitForHandled(id);

    expect(runs).toEqual(["o-1"]);
    expect(source).toBe("/test");
    expect(outcomes).toMatchObject([{ consumer: "LockStock", outcome: "handled", attempt: 1, id }]);
    expect(bus.eventsOf(orderCreated)).toMatchObject([{ id, data: order() }]);
  });

  it("waits for every consumer of the event, or for the one named", async () => {
    const [stock, points] = [flaky(0), flaky(1)];
    const bus = createTestBus({ consumers: { LockStock: stock.handler, Points: points.handler } });

    const { id } = await bus.publish(orderCreated, order());
    const first = await bus.waitForHandled(id, { consumer: "LockStock" });
    const all = await bus.waitForHandled(id);

    expect(first.map(({ consumer }) => consumer)).toEqual(["LockStock"]);
    expect(all.map(({ consumer, attempt }) => `${consumer} ${attempt}`)).toEqual(["LockStock 1", "Points 2"]);
  });

  it("lets hours of retries pass in no time", async () => {
    const { runs, handler } = flaky(20);
    const bus = createTestBus({ consumers: { LockStock: handler } });
    const startMs = bus.clock.nowMs();

    const { id } = await bus.publish(orderCreated, order());
    await bus.waitForHandled(id);

    expect(runs).toHaveLength(21);
    expect(bus.clock.nowMs() - startMs).toBeGreaterThan(30 * 60_000);
  });

  it("has tables for handlers in mode transaction, whose conditions hold or do not", async () => {
    const book = (account: string, cents: number, ConditionExpression?: string) => ({
      Update: {
        TableName: "accounts",
        Key: { account: { S: account } },
        UpdateExpression: "ADD cents :cents",
        ExpressionAttributeValues: {
          ":cents": { N: String(cents) },
          ...(ConditionExpression ? { ":none": { N: "1000" } } : {}),
        },
        ...(ConditionExpression ? { ConditionExpression } : {}),
      },
    });
    const handler = consume(orderCreated, ({ data: { cents } }, ctx) => {
      ctx.write(book("shop", -cents, "cents > :none"), {
        onConditionFailed: () => new PermanentError("the shop is empty"),
      });
      return book("customer", cents);
    });
    const consumers = { Refund: { handler, mode: "transaction" } } as const;
    const bus = createTestBus({ consumers, tables: { accounts: ["account"] } });
    const accounts = bus.table("accounts");
    accounts.put({ account: { S: "shop" }, cents: { N: "2000" } });

    const { id } = await bus.publish(orderCreated, { ...order(), cents: 1250 });
    await bus.waitForHandled(id);
    await bus.redeliver(id);
    await bus.publish(orderCreated, { ...order(), cents: 1250 });
    await bus.idle();

    expect(accounts.get({ account: { S: "customer" } })?.cents).toEqual({ N: "1250" });
    expect(accounts.items).toHaveLength(2);
    expect(bus.deadLetters("Refund")).toMatchObject([{ reason: "permanent" }]);
    expect(() => bus.table("books")).toThrow(/there is no table "books"; there is accounts/);
  });

  it("shows that a second delivery is a duplicate", async () => {
    const { runs, handler } = flaky(0);
    const bus = createTestBus({ consumers: { LockStock: handler } });
    const { id } = await bus.publish(orderCreated, order());
    await bus.waitForHandled(id);

    const again = await bus.redeliver(id);

    expect(again).toMatchObject([{ consumer: "LockStock", outcome: "duplicate" }]);
    expect(runs).toHaveLength(1);
  });

  it("fails at once when the event waited for is dead, with its story", async () => {
    const { handler } = flaky(1, () => new PermanentError("no such order"));
    const bus = createTestBus({ consumers: { LockStock: handler } });
    const { id } = await bus.publish(orderCreated, order());

    await expect(bus.waitForHandled(id)).rejects.toThrow(
      new RegExp(
        `${id} became a dead letter of LockStock\\. What happened:\\n.+published to "orders" by /test: .+\\n.+LockStock, attempt 1 of ${id}: dead \\(permanent\\), PermanentError: no such order`,
      ),
    );
    expect(bus.deadLetters("LockStock")).toMatchObject([
      { id, reason: "permanent", attempts: 1, data: order(), error: { message: "no such order" } },
    ]);
  });

  it("ends retries in a dead letter when the attempts are used up", async () => {
    const { runs, handler } = flaky(1_000);
    const bus = createTestBus({
      consumers: { LockStock: { handler, retry: { surviveMs: 60_000, maxDelayMs: 10_000 } } },
    });
    await bus.publish(orderCreated, order());

    await bus.idle();

    const [letter] = bus.deadLetters("LockStock");
    expect(letter).toMatchObject({ reason: "attempts-exhausted", attempts: runs.length });
    expect(runs.length).toBeGreaterThan(10);
  });

  it("takes messages that are no events", async () => {
    const bus = createTestBus({ consumers: { LockStock: flaky(0).handler } });
    bus.send("LockStock", "{");

    await bus.idle();

    expect(bus.deadLetters("LockStock")).toMatchObject([{ id: undefined, reason: "bad-json", body: "{" }]);
    expect(() => bus.send("Nobody", "{")).toThrow(
      "there is no consumer Nobody on this bus: it has LockStock",
    );
  });

  it("passes emitted events on, and finds them", async () => {
    const locked: string[] = [];
    const bus = createTestBus({
      consumers: {
        LockStock: {
          handler: consume(orderCreated, (event, ctx) => {
            ctx.emit(stockLocked, { orderId: event.data.orderId });
          }),
          emits: [stockLocked],
        },
        Ship: consume(stockLocked, (event) => {
          locked.push(event.data.orderId);
        }),
      },
    });
    const { id } = await bus.publish(orderCreated, order());

    const event = await bus.waitForEvent(stockLocked, ({ data }) => data.orderId === "o-1");
    await bus.waitForHandled(event.id);

    expect(event).toMatchObject({ causationid: id, source: "/test/LockStock" });
    expect(locked).toEqual(["o-1"]);
    await expect(bus.expectNoEvent(stockLocked)).rejects.toThrow(
      /^stock\.locked was published\. .+\n.+"o-1"/,
    );
    await bus.expectNoEvent(stockLocked, ({ data }) => data.orderId === "o-2");
  });

  it("refuses to emit what is not declared, as the stack would", async () => {
    const bus = createTestBus({
      consumers: { LockStock: consume(orderCreated, (_, ctx) => ctx.emit(stockLocked, { orderId: "o" })) },
    });
    const { id } = await bus.publish(orderCreated, order());

    await expect(bus.waitForHandled(id)).rejects.toThrow(/may not publish stock\.locked:1/);
    await bus.expectNoEvent(stockLocked);
  });

  it("keeps the order of a key, also over a failure", async () => {
    const steps: number[] = [];
    let failures = 1;
    const bus = createTestBus({
      consumers: {
        Move: consume(orderMoved, (event) => {
          if (event.data.step === 2 && failures-- > 0) throw new Error("not yet");
          steps.push(event.data.step);
        }),
      },
    });
    for (const step of [1, 2, 3]) await bus.publish(orderMoved, { step }, { partitionkey: "o-1" });

    await bus.idle();
    const [first] = bus.eventsOf(orderMoved);
    const again = await bus.redeliver(first?.id ?? "");

    expect(steps).toEqual([1, 2, 3]);
    expect(again).toMatchObject([{ outcome: "duplicate" }]);
  });

  it("lets time stand still while a handler waits for something real", async () => {
    const bus = createTestBus({
      consumers: {
        Slow: consume(orderCreated, async (_, ctx) => {
          for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
          ctx.signal.throwIfAborted();
        }),
      },
    });
    const { id } = await bus.publish(orderCreated, order());

    const [outcome] = await bus.waitForHandled(id);

    expect(outcome).toMatchObject({ attempt: 1 });
  });

  it("says which handler does not return", async () => {
    const clock = virtualClock();
    const bus = createTestBus({
      clock,
      patienceMs: 10,
      consumers: { Stuck: consume(orderCreated, () => sleep(clock, 5_000)) },
    });
    const { id } = await bus.publish(orderCreated, order());

    await expect(bus.waitForHandled(id)).rejects.toThrow(/^Stuck: the handler has not returned for 10 ms/);
    await bus.clock.advance(5_000);
    await bus.waitForHandled(id);
  });

  it("keeps a limit in virtual time, shared by its consumers", async () => {
    const partner = limit("partner", { rate: "2/s" });
    const startsMs: number[] = [];
    const clock = virtualClock();
    const limits = [partner];
    const counted = consume(orderCreated, () => startsMs.push(clock.nowMs()), { limits });
    const calling = consume(
      orderCreated,
      async (_, ctx) => {
        await ctx.limit.run(() => startsMs.push(clock.nowMs()));
      },
      { limits, limitAt: "call" },
    );
    const bus = createTestBus({ clock, consumers: { Counted: counted, Calling: calling } });
    for (let index = 0; index < 6; index++) await bus.publish(orderCreated, order(`o-${index}`));

    await bus.idle();

    expect(startsMs).toHaveLength(12);
    const sorted = startsMs.toSorted((one, other) => one - other);
    const closest = sorted.slice(2).map((startMs, index) => startMs - (sorted[index] ?? 0));
    expect(Math.min(...closest)).toBeGreaterThanOrEqual(1_000);
    expect(bus.outcomes.filter(({ outcome }) => outcome === "handled")).toHaveLength(12);
  });

  it("ends a handler that outlives its function, and lets the event come again", async () => {
    let runs = 0;
    const bus = createTestBus({
      consumers: {
        Late: {
          handler: consume(orderCreated, () => (++runs === 1 ? new Promise(() => {}) : undefined)),
          timeoutMs: 3_000,
        },
      },
    });
    const { id } = await bus.publish(orderCreated, order());

    await bus.clock.advance(3_600_000);

    expect(bus.outcomes).toMatchObject([{ id, outcome: "handled", attempt: 2 }]);
  });

  it("fails at once when nothing is left that could do what is waited for", async () => {
    const bus = createTestBus({ consumers: { LockStock: flaky(0).handler } });
    const { id } = await bus.publish(stockLocked, { orderId: "o-1" });

    await expect(bus.waitForHandled(id)).rejects.toThrow(
      /by anybody, since no consumer was given it; nothing is left/,
    );
    await expect(bus.waitForEvent(orderCreated)).rejects.toThrow(
      /no order\.created that matches was published/,
    );
    await expect(bus.redeliver("o-9")).rejects.toThrow(/o-9 cannot be delivered again: it never was/);
    expect(bus.clock.nowMs() - Date.UTC(2026, 0, 1)).toBeLessThan(60_000);
  });

  it("gives up after the time it is told, with the attempts so far", async () => {
    const bus = createTestBus({ consumers: { LockStock: flaky(1_000).handler } });
    const { id } = await bus.publish(orderCreated, order());

    await expect(bus.waitForHandled(id, { withinMs: 60_000 })).rejects.toThrow(
      /was not handled by LockStock; 60 s of virtual time have passed\..+\n(.+attempt \d+ of .+: retry \(failed\), Error: no stock\n?){3,}/s,
    );
  });

  it("takes what code under test publishes by itself", async () => {
    const bus = createTestBus({ consumers: { LockStock: flaky(0).handler }, name: "shop" });
    const publisher = createPublisher({
      bus: "shop",
      source: "/shop/web",
      account: "1",
      region: "r",
      topics: bus.topics,
      clock: bus.clock,
    });
    const publishing = publisher.publish(orderCreated, order());

    const event = await bus.waitForEvent(orderCreated);
    await bus.waitForHandled(event.id);

    expect(await publishing).toMatchObject({ id: event.id, source: "/shop/web" });
  });

  it("refuses data that does not fit, and handlers that are none", async () => {
    const bus = createTestBus();

    await expect(bus.publish(orderCreated, { orderId: "o-1", cents: 0.5 })).rejects.toThrow(/data\.cents/);
    expect(() => createTestBus({ consumers: { Own: async () => ({ batchItemFailures: [] }) } })).toThrow(
      /consumers\.Own: the handler was not made by consume\(\)/,
    );
  });

  it("parks an ordered group behind a poison, and releases it, with or without the poison", async () => {
    const runs: number[] = [];
    let isWell = false;
    const handler = consume(orderMoved, (event) => {
      if (event.data.step === 1 && !isWell) throw new PermanentError("no such step");
      runs.push(event.data.step);
    });
    const bus = createTestBus({ consumers: { Follow: { handler, onPoison: "park" } } });
    for (const step of [0, 1, 2, 3]) await bus.publish(orderMoved, { step }, { partitionkey: "o-1" });
    await bus.idle();

    expect(runs).toEqual([0]);
    expect(await bus.parked("Follow")).toMatchObject([
      { group: "o-1", waiting: 3, poison: { type: "order.moved", reason: "permanent" } },
    ]);
    expect(bus.outcomes.filter(({ outcome }) => outcome === "parked")).toHaveLength(2);
    await expect(bus.release("Follow", "o-2")).rejects.toThrow(
      "group o-2 of Follow is not parked; parked: o-1",
    );
    await bus.release("Follow", "o-1", { withPoison: true });
    expect(runs).toEqual([0]);
    isWell = true;
    await bus.release("Follow", "o-1", { withPoison: true });

    expect(runs).toEqual([0, 1, 2, 3]);
    expect(await bus.parked("Follow")).toEqual([]);
    expect(bus.deadLetters("Follow")).toHaveLength(2);
  });
});
