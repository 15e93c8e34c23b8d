import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { inMemoryHolds } from "../../src/breaker/index.ts";
import type { EmitOptions } from "../../src/consume/context.ts";
import type { Delivery } from "../../src/consume/delivery.ts";
import { probeAnswer } from "../../src/consume/probe-answer.ts";
import { inMemoryDelays } from "../../src/delay/index.ts";
import { DependencyDown, LimitError, PermanentError } from "../../src/errors.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { inMemoryLimits, limit } from "../../src/limits/index.ts";
import { again, consumerWorld, failures, order, record, stockLocked } from "../helpers/consumer-world.ts";
import { add, transactionWorld } from "../helpers/transaction-world.ts";

const replayId = "20260131-120000-3f2a90-shadow";
const note = { omnibus: { dataType: "String", stringValue: JSON.stringify({ replayId }) } } as const;
const shadow = (message: Parameters<typeof record>[0], more: Parameters<typeof record>[1] = {}) =>
  record(message, { ...more, attributes: note });
/** Holds its consumer at the first word that a dependency is down. */
const watched = { breaker: { failures: 1, windowMs: 30_000, probeMs: 10_000 } };
const keyOf = (id: string, replay?: string) =>
  ledgerKey({ consumer: "LockStock", source: "/shop/web", id, replayId: replay });
const stockTopic = "arn:aws:sns:us-east-1:000000000000:shop-stock";

describe("a shadow run", () => {
  it("runs the handler as the first time, and nothing of it is written, sent or told to anybody", async () => {
    const keys: string[] = [];
    const world = transactionWorld((event, ctx) => {
      keys.push(ctx.effectKey);
      ctx.emit(stockLocked, { orderId: event.data.orderId });
      return add("a", event.data.cents);
    });
    const message = order({ id: "x", cents: 5 });
    await world.deliver([record(message)]);
    await world.clock.advance(3_600_000);

    const response = await world.deliver([shadow(message)]);
    const repeated = await world.deliver([shadow(message, { receives: 2 })]);

    expect([failures(response), failures(repeated)]).toEqual([[], []]);
    expect(world.cents("a")).toBe(5);
    expect(world.topics.taken(stockTopic)).toHaveLength(1);
    expect(keys).toEqual([keyOf("x"), keyOf("x")]);
    const [first, second] = [keyOf("x"), keyOf("x", replayId)].map((key) => world.ledger.items.get(key));
    expect(second).toMatchObject({ state: "done", replay: replayId });
    // Though it ran an hour later.
    expect(first?.result).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.result).toBe(first?.result);
    expect(second?.emits).toBeUndefined();
  });

  it.each([
    ["another amount", add("a", 6)],
    ["another account", add("b", 5)],
    ["nothing", undefined],
  ])("has another result where it would write %s", async (_, other) => {
    let write: typeof other = add("a", 5);
    const world = transactionWorld(() => write);
    const message = order({ id: "x" });
    await world.deliver([record(message)]);
    write = other;

    await world.deliver([shadow(message)]);

    const [first, second] = [keyOf("x"), keyOf("x", replayId)].map((key) => world.ledger.items.get(key));
    expect(second?.result).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.result).not.toBe(first?.result);
    expect(world.cents("a")).toBe(5);
  });

  it("has another result where it would emit other data, or the same under another key", async () => {
    const results: (string | undefined)[] = [];
    let emit = { orderId: "1", key: "k" };
    const world = transactionWorld((_, ctx) => {
      ctx.emit(stockLocked, { orderId: emit.orderId }, { key: emit.key });
    });
    const message = order({ id: "x" });
    await world.deliver([record(message)]);
    results.push(world.ledger.items.get(keyOf("x"))?.result);
    for (const [nth, next] of [emit, { orderId: "2", key: "k" }, { orderId: "1", key: "l" }].entries()) {
      emit = next;
      const id = `${replayId.slice(0, 15)}-00000${nth}-shadow`;
      const attributes = { omnibus: { dataType: "String", stringValue: JSON.stringify({ replayId: id }) } };
      await world.deliver([record(message, { attributes: attributes as never })]);
      results.push(world.ledger.items.get(keyOf("x", id))?.result);
    }

    expect(results[1]).toBe(results[0]);
    expect(new Set(results).size).toBe(3);
    expect(world.topics.taken(stockTopic)).toHaveLength(1);
  });

  it.each([
    ["after a while", { afterMs: 60_000 }],
    ["at a moment that is over when the shadow runs", { at: new Date(Date.UTC(2026, 0, 1, 0, 30)) }],
  ] as const)(
    "has another result where an event is emitted at once that was delayed, %s",
    async (_, delay) => {
      let when: EmitOptions = delay;
      const clock = virtualClock();
      const world = transactionWorld((_event, ctx) => ctx.emit(stockLocked, { orderId: "1" }, when), {
        clock,
        settings: { delays: true },
        parts: { delays: inMemoryDelays({ clock }) },
      });
      const message = order({ id: "x" });
      await world.deliver([record(message)]);
      await world.clock.advance(3_600_000);

      await world.deliver([shadow(message)]);
      when = {};
      const other = replayId.replace("120000", "120001");
      const attributes = {
        omnibus: { dataType: "String", stringValue: JSON.stringify({ replayId: other }) },
      };
      await world.deliver([record(message, { attributes: attributes as never })]);

      const [first, same, differs] = [undefined, replayId, other].map(
        (replay) => world.ledger.items.get(keyOf("x", replay))?.result,
      );
      expect(first).toMatch(/^[0-9a-f]{32}$/);
      expect(same).toBe(first);
      expect(differs).toMatch(/^[0-9a-f]{32}$/);
      expect(differs).not.toBe(first);
    },
  );

  it("has no result that cannot be compared, and the run that counts is committed all the same", async () => {
    const world = transactionWorld(() => ({
      Put: {
        TableName: "accounts",
        Item: { account: { S: "a" }, note: { S: "\ud800" } },
        ConditionExpression: undefined,
      },
    }));

    await world.deliver([record(order({ id: "x" }))]);

    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "done" });
    expect(world.ledger.items.get(keyOf("x"))?.result).toBeUndefined();
  });

  it.each([
    ["Error", new Error("no")],
    ["PermanentError", new PermanentError("gone", "no")],
    ["DependencyDown", new DependencyDown("payments")],
  ])("that throws (%s) has failed: no retry, no dead letter, no hold", async (name, thrown) => {
    const world = transactionWorld((_, ctx) => {
      ctx.write(add("a", 1));
      throw thrown;
    });

    const response = await world.deliver([shadow(order({ id: "x" }))]);

    expect(failures(response)).toEqual([]);
    expect(world.ledger.items.get(keyOf("x", replayId))).toMatchObject({
      state: "done",
      result: `failed: ${name}`,
    });
    expect(world.queues.deadLetters).toEqual([]);
    expect(world.cents("a")).toBe(0);
  });

  it("that finds no start comes back, however often, as a run that was none", async () => {
    const attempts: number[] = [];
    let isOver = true;
    const clock = virtualClock();
    const partner = limit("partner", { rate: "10/s" });
    const real = inMemoryLimits({ clock });
    const world = transactionWorld(
      async (_, ctx) => {
        attempts.push(ctx.attempt);
        await ctx.limit.run(() => {
          if (isOver) throw new LimitError("limits", "the table does not answer", { retryable: true });
        });
      },
      {
        clock,
        settings: { ...watched, attempts: 1, limits: [partner.meaning] },
        parts: { holds: inMemoryHolds(), limits: [partner], limitStore: real, limitAt: "call" },
      },
    );
    let one = shadow(order({ id: "x" }));
    const answers: number[] = [];
    for (let receive = 1; receive <= 3; receive++) {
      answers.push(failures(await world.deliver([one])).length);
      one = again(one);
    }
    const before = world.ledger.items.get(keyOf("x", replayId));
    isOver = false;

    const last = await world.deliver([one]);

    expect(answers).toEqual([1, 1, 1]);
    expect(before?.state).toBe("released");
    expect([failures(last), attempts]).toEqual([[], [1, 1, 1, 1]]);
    expect(world.ledger.items.get(keyOf("x", replayId))).toMatchObject({
      state: "done",
      result: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(world.queues.deadLetters).toEqual([]);
  });

  it.each([
    ["its signal", (signal: AbortSignal) => signal.reason],
    ["a dependency that it takes for down", () => new DependencyDown("payments")],
  ])(
    "that ran out of time comes back, and has failed in the end: no dead letter, no hold (%s)",
    async (_, thrown) => {
      const holds = inMemoryHolds();
      const clock = virtualClock();
      const world = transactionWorld(
        async (_event, { signal }) => {
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
          throw thrown(signal);
        },
        { clock, settings: { ...watched, attempts: 2 }, parts: { holds } },
      );
      const one = shadow(order({ id: "x" }));

      const first = await world.deliver([one], { remainingMs: 5_000 });
      const between = world.ledger.items.get(keyOf("x", replayId));
      const second = await world.deliver([again(one)], { remainingMs: 5_000 });

      expect([failures(first).length, failures(second).length]).toEqual([1, 0]);
      expect([between?.state, between?.result]).toEqual(["released", undefined]);
      expect(world.ledger.items.get(keyOf("x", replayId))).toMatchObject({
        state: "done",
        result: expect.stringMatching(/^failed: /),
      });
      expect(world.queues.deadLetters).toEqual([]);
      expect((await holds.read(["LockStock"]))[0]?.holds ?? []).toEqual([]);
    },
  );

  it("that killed its process over and over ends without a dead letter", async () => {
    const world = transactionWorld(() => add("a", 1), { settings: { attempts: 1 } });
    const message = order({ id: "x" });
    await world.ledger.claim(
      [
        {
          ...{
            key: keyOf("x", replayId),
            consumer: "LockStock",
            source: "/shop/web",
            id: "x",
            replay: replayId,
          },
          ...{ type: "order.created", time: "2026-01-01T00:00:00.000Z", redelivered: false },
          hash: await hashOf(message),
        },
      ],
      { owner: "dead", leaseEndsMs: world.clock.nowMs() },
    );

    const response = await world.deliver([shadow(message)]);

    expect(failures(response)).toEqual([]);
    expect(world.queues.deadLetters).toEqual([]);
    expect(world.ledger.items.get(keyOf("x", replayId))).toMatchObject({
      state: "dead",
      reason: "attempts-exhausted",
    });
  });

  it("that cannot be read becomes no dead letter", async () => {
    const world = transactionWorld(() => add("a", 1));

    const response = await world.deliver([shadow("no event"), shadow(order({ id: "y" }))]);

    expect(failures(response)).toEqual([]);
    expect(world.queues.deadLetters).toEqual([]);
    expect(world.ledger.items.get(keyOf("y", replayId))?.result).toBeDefined();
  });

  it.each(["once", "record", "none"] as const)("does not run in mode %s", async (mode) => {
    let runs = 0;
    const world = consumerWorld(() => void runs++, { settings: { mode } });

    const response = await world.deliver([shadow(order())]);

    expect([failures(response), runs, world.queues.deadLetters]).toEqual([[], 0, []]);
  });
});

async function hashOf({ body }: ReturnType<typeof order>): Promise<string> {
  const { dataHash } = await import("../../src/contract/index.ts");
  return dataHash(JSON.parse(body).data);
}

describe("probeAnswer", () => {
  it("learns nothing from a shadow: a dependency that was not called was not found up", () => {
    const ran = (replayId: string | undefined) =>
      probeAnswer([{ started: true, replayId, outcome: { kind: "handled" } } as unknown as Delivery]);

    expect([ran(replayId).verdict, ran(undefined).verdict]).toEqual(["unknown", "up"]);
  });
});
