import { describe, expect, it } from "@jest/globals";
import { sleep } from "../../src/clock.ts";
import { type HandlerContext, inMemoryQueues } from "../../src/consume/index.ts";
import { PermanentError } from "../../src/errors.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { consumerWorld, failures, order, record, stockLocked } from "../helpers/consumer-world.ts";

const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });

describe("consume near the deadline", () => {
  it("starts nothing when less than the margin is left, and does not count it", async () => {
    let runs = 0;
    const world = consumerWorld(
      async () => {
        runs++;
        await sleep(world.clock, 600);
      },
      { settings: { parallel: 1 } },
    );
    const records = ["a", "b", "c"].map((id) => record(order({ id })));

    const response = await world.deliver(records, { remainingMs: 2_000 });

    expect(runs).toBe(2);
    expect(failures(response)).toEqual([records[2]?.messageId]);
    expect(world.ledger.items.get(keyOf("c"))).toMatchObject({ state: "released", attempts: 0 });
    expect(world.queues.delayed[0]?.delaySeconds).toBe(0);
    expect(world.ends()).toBe(0);
  });

  it("aborts the signal when the margin begins; a handler that obeys is retried, the process lives", async () => {
    const abortedAtMs: number[] = [];
    const world = consumerWorld(async (_, ctx) => {
      await sleep(world.clock, 60_000, ctx.signal);
      abortedAtMs.push(ctx.remainingMs());
      ctx.signal.throwIfAborted();
    });
    const one = record(order({ id: "a" }));

    const response = await world.deliver([one], { remainingMs: 5_000 });

    expect(abortedAtMs).toEqual([1_000]);
    expect(failures(response)).toEqual([one.messageId]);
    expect(world.ledger.items.get(keyOf("a"))?.state).toBe("released");
    expect(world.ends()).toBe(0);
  });

  it("never answers over a handler that does not stop: writes down what is known, then ends the process", async () => {
    const world = consumerWorld((event) => (event.id === "stuck" ? new Promise(() => {}) : undefined));
    const records = ["a", "stuck", "b"].map((id) => record(order({ id })));

    await world.deliver(records, { remainingMs: 5_000 });

    expect(world.ends()).toBe(1);
    expect(world.ledger.items.get(keyOf("a"))?.state).toBe("done");
    expect(world.ledger.items.get(keyOf("b"))?.state).toBe("done");
    expect(world.ledger.items.get(keyOf("stuck"))?.state).toBe("claimed");
    expect(world.lines.find(({ level }) => level === "error")).toMatchObject({ id: "stuck" });
  });

  it("gives back what waits behind a handler that does not stop, unrun and uncounted", async () => {
    const world = consumerWorld((event) => (event.id === "stuck" ? new Promise(() => {}) : undefined), {
      settings: { parallel: 1 },
    });

    await world.deliver(
      ["stuck", "b", "c"].map((id) => record(order({ id }))),
      { remainingMs: 5_000 },
    );

    expect(world.ends()).toBe(1);
    for (const id of ["b", "c"]) {
      expect(world.ledger.items.get(keyOf(id))).toMatchObject({ state: "released", attempts: 0 });
    }
  });

  it("does not end the process while all that is late is the ledger", async () => {
    const world = consumerWorld(() => {});
    const message = order({ id: "taken-over" });
    const dead = world.sibling(() => new Promise(() => {}));
    await world.clock.until(dead.begin([record(message)], { remainingMs: 2_000 }));
    await world.clock.advance(5_000);
    const slow = world.sibling(() => {}, {
      ledger: {
        ...world.ledger,
        end: async (endings, owner) => {
          await sleep(world.clock, 1_700);
          return world.ledger.end(endings, owner);
        },
      },
    });

    await slow.deliver([record(message, { receives: 2 }), record(order({ id: "b" }))], {
      remainingMs: 2_000,
    });

    expect(slow.ends()).toBe(0);
    expect(world.ledger.items.get(keyOf("b"))?.state).toBe("done");
    expect(world.ledger.items.get(keyOf("taken-over"))?.state).toBe("released");
  });

  describe("while the delays of others are set", () => {
    /** SQS takes its time over them; `late` is over in the middle of it. */
    const slowly = (late: (event: unknown, ctx: HandlerContext) => void, topics = inMemoryTopics()) => {
      const queues = inMemoryQueues();
      const delay: typeof queues.delay = async (queueArn, entries) => {
        await sleep(world.clock, 400);
        return queues.delay(queueArn, entries);
      };
      const world = consumerWorld(
        async (event, ctx) => {
          if (event.id === "later") throw new Error("not now");
          await sleep(world.clock, 4_550);
          late(event, ctx);
        },
        { queues, topics, parts: { queues: { ...queues, delay } } },
      );
      return world;
    };
    const records = ["late", "later"].map((id) => record(order({ id })));

    it("acknowledges no event that dies: it is not buried yet", async () => {
      const world = slowly(() => {
        throw new PermanentError("never");
      });

      const response = await world.deliver(records, { remainingMs: 5_000 });

      expect(world.queues.deadLetters).toEqual([]);
      expect(failures(response)).toEqual(records.map(({ messageId }) => messageId));
    });

    it("acknowledges no event that is done: what it emits is not out yet", async () => {
      const topics = inMemoryTopics({ onCall: () => new Promise(() => {}) });
      const world = slowly((_, ctx) => ctx.emit(stockLocked, { orderId: "o-1" }), topics);

      const response = await world.deliver(records, { remainingMs: 5_000 });

      expect(world.ledger.items.get(keyOf("late"))).toMatchObject({ state: "done", emits: [{}] });
      expect(failures(response)).toEqual(records.map(({ messageId }) => messageId));
    });
  });

  it("leaves no timer behind", async () => {
    const world = consumerWorld(() => {});

    await world.deliver([record(order())]);

    expect(world.clock.pending).toBe(0);
  });
});
