import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { defineEvent, emittedId } from "../../src/contract/index.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { consumerWorld, failures, order, record, stockLocked } from "../helpers/consumer-world.ts";

const stockTopic = "arn:aws:sns:us-east-1:000000000000:shop-stock";
const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });

describe("ctx.emit", () => {
  it("publishes after the completion, with an id made of the cause, and then forgets the bytes", async () => {
    const world = consumerWorld((event, ctx) => {
      ctx.emit(stockLocked, { orderId: event.data.orderId });
    });

    await world.deliver([record(order({ id: "x" }))]);

    const [sent] = world.topics.taken(stockTopic);
    expect(sent?.id).toBe(emittedId({ consumer: "LockStock", source: "/shop/web", id: "x", key: "#0" }));
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({
      source: "/shop/LockStock",
      type: "stock.locked",
      correlationid: "x",
      causationid: "x",
      hop: 1,
    });
    expect(world.ledger.items.get(keyOf("x"))?.emits).toBeUndefined();
  });

  it("publishes the emits of a batch in few calls", async () => {
    const world = consumerWorld((event, ctx) => {
      ctx.emit(stockLocked, { orderId: event.data.orderId });
    });

    await world.deliver(Array.from({ length: 10 }, () => record(order())));

    expect(world.topics.taken(stockTopic)).toHaveLength(10);
    expect(world.topics.calls).toHaveLength(1);
  });

  it("keeps the tenant of what is emitted, also in the ledger until it is sent", async () => {
    const fair = defineEvent("stock.locked", {
      version: 1,
      topic: "stock",
      schema: z.object({ orderId: z.string() }),
      tenant: "orderId",
    });
    const topics = inMemoryTopics({
      onCall: () => {
        throw new Error("SNS is away");
      },
    });
    const world = consumerWorld((_, ctx) => ctx.emit(fair, { orderId: "o-1" }), { topics });

    await world.deliver([record(order({ id: "x" }))]);

    expect(world.ledger.items.get(keyOf("x"))?.emits).toMatchObject([{ groupId: "o-1" }]);
    expect(topics.calls[0]?.messages).toMatchObject([{ groupId: "o-1" }]);
  });

  it("publishes nothing when the handler fails after emitting", async () => {
    const world = consumerWorld((event, ctx) => {
      ctx.emit(stockLocked, { orderId: event.data.orderId });
      throw new Error("changed my mind");
    });

    await world.deliver([record(order())]);

    expect(world.topics.calls).toEqual([]);
  });

  it("keeps the bytes when they cannot be sent; a redelivery sends exactly those and runs nothing", async () => {
    let down = true;
    let runs = 0;
    const topics = inMemoryTopics({
      onMessage: () =>
        down ? { ok: false, code: "InternalError", message: "down", retryable: true } : undefined,
    });
    const world = consumerWorld(
      (event, ctx) => {
        runs++;
        ctx.emit(stockLocked, { orderId: `${event.data.orderId} run ${runs}` });
      },
      { topics },
    );
    const message = order({ id: "x" });
    const one = record(message);
    const first = await world.deliver([one]);
    const stored = world.ledger.items.get(keyOf("x"))?.emits;
    down = false;

    const second = await world.deliver([record(message, { receives: 2 })]);

    expect(failures(first)).toEqual([one.messageId]);
    expect(stored).toHaveLength(1);
    expect(failures(second)).toEqual([]);
    expect(runs).toBe(1);
    expect(world.topics.taken(stockTopic)).toEqual(stored);
    expect(world.ledger.items.get(keyOf("x"))?.emits).toBeUndefined();
  });

  it("fails the run when the data does not fit, or a key is used twice", async () => {
    const world = consumerWorld((event, ctx) => {
      if (event.id === "data") ctx.emit(stockLocked, { orderId: 7 as unknown as string });
      if (event.id === "key") {
        ctx.emit(stockLocked, { orderId: "1" }, { key: "k" });
        ctx.emit(stockLocked, { orderId: "2" }, { key: "k" });
      }
      if (event.id === "size") {
        for (let at = 0; at < 50; at++) ctx.emit(stockLocked, { orderId: "x".repeat(10_000) });
      }
    });
    const records = ["data", "key", "size"].map((id) => record(order({ id })));

    const response = await world.deliver(records);

    expect(failures(response)).toEqual(records.map(({ messageId }) => messageId));
    expect(world.topics.calls).toEqual([]);
  });

  it("refuses what is emitted after the handler has returned, instead of losing it", async () => {
    const late: Promise<unknown>[] = [];
    const world = consumerWorld((_, ctx) => {
      late.push(
        new Promise<void>((resolve) => world.clock.after(10, resolve)).then(() =>
          ctx.emit(stockLocked, { orderId: "late" }),
        ),
      );
    });

    await world.deliver([record(order())]);
    const results = Promise.allSettled(late);
    await world.clock.advance(10);

    expect((await results)[0]).toMatchObject({ status: "rejected", reason: { code: "emit-late" } });
  });

  it("refuses what could never be published: too large, not declared, not a contract", async () => {
    const undeclared = defineEvent("order.lost", { version: 1, topic: "orders", schema: z.object({}) });
    const reasons: string[] = [];
    const world = consumerWorld((_, ctx) => {
      const tries = [
        () => ctx.emit(stockLocked, { orderId: "x".repeat(300_000) }),
        () => ctx.emit(undeclared, {}),
        () => ctx.emit({ ...stockLocked }, { orderId: "1" }),
      ];
      for (const attempt of tries) {
        try {
          attempt();
        } catch (error) {
          reasons.push((error as { code: string }).code);
        }
      }
    });

    await world.deliver([record(order())]);

    expect(reasons).toEqual(["too-large", "emit-undeclared", "unknown-contract"]);
    expect(world.topics.calls).toEqual([]);
  });

  it("goes on after an emit that was refused, when the handler catches it", async () => {
    const world = consumerWorld((_, ctx) => {
      try {
        ctx.emit(stockLocked, { orderId: 7 } as never);
      } catch {
        ctx.emit(stockLocked, { orderId: "7" });
      }
    });

    const response = await world.deliver([record(order())]);

    expect(response.batchItemFailures).toEqual([]);
    expect(world.topics.taken(stockTopic)).toHaveLength(1);
  });

  it("lets an emit that was refused for its size stand alone, when the handler catches it", async () => {
    const refused: string[] = [];
    const world = consumerWorld((event, ctx) => {
      const emitAll = (orderIds: readonly string[], options = {}) => {
        try {
          for (const orderId of orderIds) ctx.emit(stockLocked, { orderId }, options);
        } catch (error) {
          refused.push((error as { code: string }).code);
        }
      };
      emitAll(["x".repeat(300_000)], { key: "one" });
      emitAll([event.data.orderId], { key: "one" });
      if (event.id === "sum") emitAll(Array.from({ length: 50 }, () => "x".repeat(10_000)));
    });

    const response = await world.deliver([record(order({ id: "one" })), record(order({ id: "sum" }))]);

    expect(failures(response)).toEqual([]);
    expect(refused).toEqual(["too-large", "too-large", "emits-too-large"]);
    expect(world.ledger.items.get(keyOf("one"))?.state).toBe("done");
    expect(world.ledger.items.get(keyOf("sum"))?.state).toBe("done");
    expect(world.topics.taken(stockTopic).length).toBeGreaterThan(30);
  });

  it("gives the same ids whatever the order, when keys are given", async () => {
    let flip = false;
    const keys = ["a", "b"];
    const world = consumerWorld(
      (event, ctx) => {
        for (const key of flip ? [...keys].reverse() : keys) {
          ctx.emit(stockLocked, { orderId: event.data.orderId + key }, { key });
        }
      },
      { settings: { mode: "none" } },
    );
    const message = order();
    await world.deliver([record(message)]);
    flip = true;
    await world.deliver([record(message)]);

    const ids = world.topics.taken(stockTopic).map(({ id }) => id);
    expect(ids.slice(2)).toEqual(ids.slice(0, 2).reverse());
  });
});
