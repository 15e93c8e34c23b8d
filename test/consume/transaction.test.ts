import { describe, expect, it } from "@jest/globals";
import { inMemoryHolds } from "../../src/breaker/index.ts";
import { DependencyDown, PermanentError } from "../../src/errors.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import type { CommitAnswer, TransactionStore } from "../../src/transaction/index.ts";
import { again, consumerWorld, failures, order, record, stockLocked } from "../helpers/consumer-world.ts";
import { account, accounts, add, transactionWorld } from "../helpers/transaction-world.ts";

const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });
const stockTopic = "arn:aws:sns:us-east-1:000000000000:shop-stock";

/** Each call of `commit` is answered by the next of these; then by the store itself. */
const first =
  (
    ...answers: readonly ((
      own: TransactionStore,
      attempt: Parameters<TransactionStore["commit"]>[0],
    ) => Promise<CommitAnswer>)[]
  ) =>
  (own: TransactionStore): TransactionStore => {
    const waiting = [...answers];
    return {
      ...own,
      commit: async (attempt) => (waiting.shift() ?? (() => own.commit(attempt)))(own, attempt),
    };
  };
const conflict = async (): Promise<CommitAnswer> => ({ status: "conflict", code: "TransactionConflict" });
const noAnswer = async (): Promise<CommitAnswer> => {
  throw new Error("connection reset");
};

describe("consume in mode transaction", () => {
  it("commits what the handler returns and what it gives to ctx.write, with the completion and the emitted events", async () => {
    const world = transactionWorld((event, ctx) => {
      ctx.write(add("from", -event.data.cents));
      ctx.emit(stockLocked, { orderId: event.data.orderId });
      return [add("to", event.data.cents)];
    });
    const message = order({ id: "x", cents: 5 });

    const response = await world.deliver([record(message)]);
    const repeated = await world.deliver([record(message, { receives: 2 })]);

    expect([failures(response), failures(repeated)]).toEqual([[], []]);
    expect([world.cents("from"), world.cents("to")]).toEqual([-5, 5]);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "done", attempts: 1 });
    expect(world.topics.taken(stockTopic)).toHaveLength(1);
    expect(world.lines.map(({ outcome }) => outcome).filter(Boolean)).toEqual(["handled", "duplicate"]);
  });

  it("takes one write, and none", async () => {
    const world = transactionWorld((event) => (event.id === "none" ? undefined : add("a", 1)));

    const response = await world.deliver([record(order({ id: "none" })), record(order({ id: "one" }))]);

    expect(failures(response)).toEqual([]);
    expect(world.cents("a")).toBe(1);
    expect(world.ledger.items.get(keyOf("none"))).toMatchObject({ state: "done" });
  });

  it("writes nothing of a run that throws", async () => {
    const world = transactionWorld((_, ctx) => {
      ctx.write(add("a", 1));
      if (ctx.attempt === 1) throw new Error("later");
    });
    const one = record(order());

    await world.deliver([one]);
    expect(world.cents("a")).toBe(0);
    await world.deliver([again(one)]);

    expect(world.cents("a")).toBe(1);
  });

  it("takes a condition that does not hold for a throw", async () => {
    const world = transactionWorld(() => [add("a", 1), add("a2", 1, "attribute_exists(account)")], {
      settings: { attempts: 2 },
    });
    const one = record(order({ id: "x" }));

    const response = await world.deliver([one]);

    expect(failures(response)).toEqual([one.messageId]);
    expect(world.cents("a")).toBe(0);
    expect(world.lines.find(({ reason }) => reason === "failed")).toMatchObject({
      error: "TransactionError",
      message: expect.stringContaining(
        "the condition of Update in accounts does not hold: attribute_exists(account)",
      ),
    });
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "released", attempts: 1 });
    await world.deliver([again(one)]);
    expect(world.queues.deadLetters).toHaveLength(1);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "dead", reason: "attempts-exhausted" });
  });

  it("does what the handler says of its condition", async () => {
    const world = transactionWorld((event, ctx) => {
      ctx.write(add("poor", -5, "cents >= :cents"), {
        onConditionFailed: (item) =>
          event.id === "down"
            ? new DependencyDown("bank")
            : new PermanentError(`${item?.cents?.N ?? 0} cents are not enough`),
      });
    });
    world.tables.set(
      { TableName: accounts, Key: account("poor") },
      { ...account("poor"), cents: { N: "-9" } },
    );

    const response = await world.deliver([record(order({ id: "dead" })), record(order({ id: "down" }))]);

    expect(failures(response)).toHaveLength(1);
    expect(world.queues.deadLetters).toHaveLength(1);
    expect(world.ledger.items.get(keyOf("dead"))).toMatchObject({ state: "dead", reason: "permanent" });
    expect(world.ledger.items.get(keyOf("down"))).toMatchObject({ state: "released", attempts: 0 });
    expect(world.lines.find(({ outcome }) => outcome === "dead")).toMatchObject({
      message: "-9 cents are not enough",
    });
    expect(world.cents("poor")).toBe(-9);
  });

  it("holds its consumer when conditions say that a dependency is down, as when handlers do", async () => {
    const holds = inMemoryHolds();
    const world = transactionWorld(
      (event, ctx) => {
        ctx.write(add("a", 1, event.id.startsWith("fine") ? undefined : "attribute_exists(closed)"), {
          onConditionFailed: () => new DependencyDown("bank"),
        });
      },
      { settings: { breaker: { failures: 3, windowMs: 30_000, probeMs: 10_000 } }, parts: { holds } },
    );

    // Half of all that ended must have failed so.
    await world.deliver(
      ["fine1", "fine2", "fine3", "fine4", "d1", "d2", "d3"].map((id) => record(order({ id }))),
    );
    expect((await holds.read(["LockStock"]))[0]?.holds ?? []).toEqual([]);
    await world.deliver(["d4", "d5"].map((id) => record(order({ id }))));

    expect((await holds.read(["LockStock"]))[0]?.holds).toMatchObject([{ name: "breaker:bank" }]);
  });

  it("recognises a lost answer: what is committed is not committed again", async () => {
    const lost = async (own: TransactionStore, attempt: Parameters<TransactionStore["commit"]>[0]) => {
      await own.commit(attempt);
      return noAnswer();
    };
    const world = transactionWorld(() => add("a", 1), { store: first(lost) });

    const response = await world.deliver([record(order())]);

    expect(failures(response)).toEqual([]);
    expect(world.cents("a")).toBe(1);
  });

  it("recognises it as well when the ledger could not be asked", async () => {
    let asked = 0;
    const world = transactionWorld(() => add("a", 1), {
      store: (own) => ({
        ...first(async (store, attempt) => {
          await store.commit(attempt);
          return noAnswer();
        })(own),
        claimState: async () => {
          asked++;
          throw new Error("no answer");
        },
      }),
    });

    const response = await world.deliver([record(order())]);

    expect([failures(response), world.cents("a"), asked]).toEqual([[], 1, 1]);
  });

  it("tries conflicts again, each under a token of its own", async () => {
    const tokens: string[] = [];
    const world = transactionWorld(() => add("a", 1), {
      store: (own) => {
        const conflicting = first(conflict, conflict, conflict)(own);
        return {
          ...conflicting,
          commit: (attempt) => {
            tokens.push(attempt.token);
            return conflicting.commit(attempt);
          },
        };
      },
    });

    const response = await world.deliver([record(order())]);

    expect(failures(response)).toEqual([]);
    expect(world.cents("a")).toBe(1);
    expect(new Set(tokens).size).toBe(4);
    expect(Math.max(...tokens.map(({ length }) => length))).toBeLessThanOrEqual(36);
  });

  it("gives a conflict back before the time is over, no nearer to death", async () => {
    const world = transactionWorld(() => add("a", 1), { store: (own) => ({ ...own, commit: conflict }) });
    const startMs = world.clock.nowMs();

    const response = await world.deliver([record(order({ id: "x" }))], { remainingMs: 5_000 });

    expect(failures(response)).toHaveLength(1);
    expect(world.clock.nowMs() - startMs).toBeLessThan(5_000);
    expect(world.ends()).toBe(0);
    expect(world.lines.find(({ outcome }) => outcome === "retry")).toMatchObject({ reason: "conflict" });
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "released", attempts: 0 });
  });

  it("leaves the claim open when nobody says whether it is committed", async () => {
    const world = transactionWorld(() => add("a", 1), { store: first(noAnswer, noAnswer, noAnswer) });
    const one = record(order({ id: "x" }));

    const response = await world.deliver([one]);

    expect(failures(response)).toEqual([one.messageId]);
    expect(world.lines.find(({ outcome }) => outcome === "retry")).toMatchObject({ reason: "not-recorded" });
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "claimed" });
    await world.clock.advance(40_000);
    await world.deliver([again(one)]);
    expect(world.cents("a")).toBe(1);
  });

  it("commits nothing when another run has taken over", async () => {
    const slow = transactionWorld(async () => {
      await new Promise<void>((resolve) => slow.clock.after(60_000, resolve));
      return add("a", 1);
    });
    const message = order({ id: "x" });
    const late = slow.begin([record(message)], { remainingMs: 100_000 });
    await slow.clock.advance(10);
    const item = slow.ledger.items.get(keyOf("x"));
    (slow.ledger.items as Map<string, unknown>).set(keyOf("x"), { ...item, owner: "another" });

    const response = await slow.clock.until(late);

    expect(failures(response)).toHaveLength(1);
    expect(slow.cents("a")).toBe(0);
    expect(slow.lines.find(({ outcome }) => outcome === "retry")).toMatchObject({ reason: "lost" });
  });

  it("refuses to overwrite what was read, and names the item and what to do", async () => {
    const world = transactionWorld(async (event, ctx) => {
      const before = await ctx.read({ TableName: accounts, Key: account("a") });
      const cents = Number(before?.cents?.N ?? 0) + event.data.cents;
      return { Put: { TableName: accounts, Item: { ...account("a"), cents: { N: String(cents) } } } };
    });

    await world.deliver([record(order())]);

    expect(world.cents("a")).toBe(0);
    expect(world.lines.find(({ reason }) => reason === "failed")).toMatchObject({
      message: expect.stringMatching(/Put over the item .*"a".* of accounts.*ConditionExpression/),
    });
  });

  it("reads what stands there, and writes it under a condition", async () => {
    const world = transactionWorld(async (event, ctx) => {
      const before = await ctx.read({ TableName: accounts, Key: account("a") });
      return {
        Put: {
          TableName: accounts,
          Item: { ...account("a"), cents: { N: String(Number(before?.cents?.N ?? 0) + event.data.cents) } },
          ...(before
            ? {
                ConditionExpression: "cents = :before",
                ExpressionAttributeValues: { ":before": before.cents ?? { N: "0" } },
              }
            : { ConditionExpression: "attribute_not_exists(account)" }),
        },
      };
    });
    const records = Array.from({ length: 3 }, () => record(order({ cents: 5 })));

    const response = await world.deliver(records);
    const retried = records.filter(({ messageId }) => failures(response).includes(messageId));
    for (const one of retried) await world.deliver([again(one)]);

    expect(retried.length).toBeGreaterThan(0);
    expect(world.cents("a")).toBe(15);
  });

  it("refuses what is over DynamoDB's limits, with the count", async () => {
    const world = transactionWorld((event) =>
      event.id === "many"
        ? Array.from({ length: 100 }, (_, at) => add(`a${at}`, 1))
        : Array.from({ length: 12 }, (_, at) => ({
            Put: { TableName: accounts, Item: { ...account(`a${at}`), text: { S: "x".repeat(390_000) } } },
          })),
    );

    await world.deliver([record(order({ id: "many" })), record(order({ id: "large" }))]);

    const messages = world.lines.flatMap(({ reason, message }) => (reason === "failed" ? [message] : []));
    expect(messages[0]).toMatch(/100 writes, which is 101 items.*100 are allowed/);
    expect(messages[1]).toMatch(/take 46\d{5} bytes; 4194304 are allowed/);
    expect(world.tables.items(accounts)).toEqual([]);
  });

  it("refuses what is no write, a write to the ledger, and one that comes late", async () => {
    let late: unknown;
    const world = transactionWorld((event, ctx) => {
      if (event.id === "other") return { rows: [] };
      if (event.id === "ledger") return { Delete: { TableName: "ledger", Key: { pk: { S: "x" } } } };
      world.clock.after(1, () => {
        try {
          ctx.write(add("a", 1));
        } catch (thrown) {
          late = thrown;
        }
      });
      return undefined;
    });

    await world.deliver([
      record(order({ id: "other" })),
      record(order({ id: "ledger" })),
      record(order({ id: "late" })),
    ]);
    await world.clock.advance(10);

    const messages = world.lines.flatMap(({ reason, message }) => (reason === "failed" ? [message] : []));
    expect(messages[0]).toMatch(/LockStock returned \{ rows \}; a write has one of Put, Update, Delete/);
    expect(messages[1]).toMatch(/may not write to the ledger/);
    expect(late).toMatchObject({ code: "write-late" });
    expect(world.cents("a")).toBe(0);
  });

  it("tells what DynamoDB would not take", async () => {
    const world = transactionWorld(() => [add("a", 1), add("a", 2)]);

    await world.deliver([record(order())]);

    expect(world.lines.find(({ reason }) => reason === "failed")).toMatchObject({
      message: expect.stringMatching(
        /DynamoDB refused the writes \(ValidationException\).*multiple operations on one item/,
      ),
    });
  });

  it("keeps a group's order: the next one starts when the one before is committed", async () => {
    const seen: number[] = [];
    const world = transactionWorld(
      async (_, ctx) => {
        const item = await ctx.read({ TableName: accounts, Key: account("a") });
        seen.push(Number(item?.cents?.N ?? 0));
        return add("a", 1);
      },
      { settings: { fifo: true }, store: first(conflict, conflict) },
    );

    const response = await world.deliver(
      Array.from({ length: 3 }, (_, at) => record(order({ id: `a${at}` }), { group: "a" })),
    );

    expect(failures(response)).toEqual([]);
    expect(seen).toEqual([0, 1, 2]);
  });

  it("has no more transactions at once than handlers", async () => {
    let running = 0;
    let most = 0;
    const world = transactionWorld(() => add("a", 1), {
      settings: { parallel: 2 },
      store: (own) => ({
        ...own,
        commit: async (attempt) => {
          most = Math.max(most, ++running);
          await new Promise<void>((resolve) => world.clock.after(20, resolve));
          running--;
          return own.commit(attempt);
        },
      }),
    });

    await world.deliver(Array.from({ length: 7 }, () => record(order())));

    expect([most, world.cents("a")]).toEqual([2, 7]);
  });
});

describe("consume in another mode than transaction", () => {
  it("refuses writes, which nobody would write", async () => {
    const world = consumerWorld(async (event, ctx) => {
      if (event.id === "returned") return [add("a", 1)];
      if (event.id === "read") return ctx.read({ TableName: accounts, Key: account("a") });
      ctx.write(add("a", 1));
      return undefined;
    });

    await world.deliver(["returned", "read", "written"].map((id) => record(order({ id }))));

    const messages = world.lines.flatMap(({ reason, message }) => (reason === "failed" ? [message] : []));
    expect(messages).toHaveLength(3);
    for (const message of messages) expect(message).toMatch(/mode is not "transaction".*mode: "transaction"/);
  });
});
