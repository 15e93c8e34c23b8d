import { describe, expect, it } from "@jest/globals";
import { PermanentError } from "../../src/errors.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { again, consumerWorld, failures, order, record } from "../helpers/consumer-world.ts";

const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });

describe("consume in mode once", () => {
  it("runs the handler for each event, acknowledges all and writes them down", async () => {
    const seen: string[] = [];
    const world = consumerWorld(async (event, ctx) => {
      seen.push(`${event.data.orderId} ${ctx.attempt} ${ctx.effectKey === keyOf(event.id)}`);
    });
    const records = [record(order({ id: "a" })), record(order({ id: "b" }))];

    const response = await world.deliver(records);

    expect(failures(response)).toEqual([]);
    expect(seen).toEqual(["o-a 1 true", "o-b 1 true"]);
    expect(world.ledger.items.get(keyOf("a"))).toMatchObject({
      state: "done",
      attempts: 1,
      type: "order.created",
    });
  });

  it("does not run the handler for an event that was handled before", async () => {
    let runs = 0;
    const world = consumerWorld(() => {
      runs++;
    });
    const message = order();
    await world.deliver([record(message)]);

    const response = await world.deliver([again(record(message)), record(message)]);

    expect(failures(response)).toEqual([]);
    expect(runs).toBe(1);
    expect(world.lines.filter(({ outcome }) => outcome === "duplicate")).toHaveLength(2);
  });

  it("handles an event that repeats inside one batch once", async () => {
    let runs = 0;
    const world = consumerWorld(() => {
      runs++;
    });
    const message = order();

    const response = await world.deliver([record(message), record(message), record(message)]);

    expect(failures(response)).toEqual([]);
    expect(runs).toBe(1);
  });

  it("sends back all repeats of an event that failed", async () => {
    const world = consumerWorld(() => {
      throw new Error("not today");
    });
    const message = order();
    const records = [record(message), record(message)];

    const response = await world.deliver(records);

    expect(failures(response)).toEqual(records.map(({ messageId }) => messageId));
  });

  it("returns only the failed one, releases its claim and delays it with full jitter", async () => {
    const world = consumerWorld((event) => {
      if (event.id === "bad") throw new Error("partner says no");
    });
    const bad = record(order({ id: "bad" }));

    const response = await world.deliver([record(order()), bad, record(order())]);

    expect(failures(response)).toEqual([bad.messageId]);
    expect(world.ledger.items.get(keyOf("bad"))).toMatchObject({ state: "released", attempts: 1 });
    expect(world.queues.delayed).toEqual([
      { queueArn: bad.eventSourceARN, receiptHandle: bad.receiptHandle, delaySeconds: expect.any(Number) },
    ]);
    expect(world.queues.delayed[0]?.delaySeconds).toBeLessThanOrEqual(1);
  });

  it("counts started runs in the ledger and not receives", async () => {
    const attempts: number[] = [];
    const world = consumerWorld((_, ctx) => {
      attempts.push(ctx.attempt);
      throw new Error("again");
    });
    const message = order();

    await world.deliver([record(message, { receives: 1 })]);
    await world.deliver([record(message, { receives: 400 })]);

    expect(attempts).toEqual([1, 2]);
  });

  it("makes a dead letter of an event whose attempts are spent", async () => {
    const world = consumerWorld(
      () => {
        throw new Error("always");
      },
      { settings: { attempts: 2 } },
    );
    const one = record(order({ id: "x" }));

    await world.deliver([one]);
    const response = await world.deliver([again(one)]);

    expect(failures(response)).toEqual([]);
    expect(world.queues.deadLetters).toHaveLength(1);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "dead", reason: "attempts-exhausted" });
  });

  it("makes a dead letter of a permanent failure at once", async () => {
    const world = consumerWorld(() => {
      throw new PermanentError("no such customer");
    });

    const response = await world.deliver([record(order({ id: "x" }))]);

    expect(failures(response)).toEqual([]);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "dead", reason: "permanent" });
    expect(world.queues.deadLetters).toHaveLength(1);
  });

  it("runs a dead event again when it comes back: that is redrive", async () => {
    let fixed = false;
    const world = consumerWorld(() => {
      if (!fixed) throw new PermanentError("a bug");
    });
    const message = order({ id: "x" });
    await world.deliver([record(message)]);
    fixed = true;

    await world.deliver([record(message)]);

    expect(world.ledger.items.get(keyOf("x"))?.state).toBe("done");
  });

  it("gives a redriven event whose attempts were spent all of them again", async () => {
    let down = true;
    let runs = 0;
    const world = consumerWorld(
      () => {
        runs++;
        if (down) throw new Error("down");
      },
      { settings: { attempts: 2 } },
    );
    const message = order({ id: "x" });
    await world.deliver([record(message)]);
    await world.deliver([record(message, { receives: 2 })]);
    down = false;

    await world.deliver([record(message)]);

    expect(runs).toBe(3);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "done", attempts: 1 });
  });

  it("does not bury a true duplicate because an impostor came before it in the batch", async () => {
    const world = consumerWorld(() => {});
    await world.deliver([record(order({ id: "x", cents: 1 }))]);
    const real = record(order({ id: "x", cents: 1 }));

    const response = await world.deliver([record(order({ id: "x", cents: 2 })), real]);
    const second = await world.deliver([again(real)]);

    expect(failures(response)).toEqual([real.messageId]);
    expect(failures(second)).toEqual([]);
    expect(world.queues.deadLetters).toHaveLength(1);
  });

  it("judges neither of two events of one identity while the ledger is down: both come again", async () => {
    const world = consumerWorld(() => {});
    const cut = world.sibling(() => {}, {
      ledger: { ...world.ledger, claim: () => Promise.reject(new Error("out of reach")) },
    });
    await world.deliver([record(order({ id: "x", cents: 1 }))]);
    const impostor = record(order({ id: "x", cents: 2 }));
    const real = record(order({ id: "x", cents: 1 }));

    const response = await cut.deliver([impostor, real]);

    expect(failures(response)).toEqual([impostor.messageId, real.messageId]);
    expect(world.queues.deadLetters).toEqual([]);
  });

  it("survives errors that are not what they seem", async () => {
    const world = consumerWorld((event) => {
      if (event.id === "a") throw Object.assign(new Error("x"), { message: { why: 1 } });
      if (event.id === "b") {
        throw Object.defineProperty(new Error("x"), "message", {
          get: () => {
            throw new Error("no message for you");
          },
        });
      }
      if (event.id === "c") throw undefined;
    });

    const response = await world.deliver(["a", "b", "c", "d"].map((id) => record(order({ id }))));

    expect(response.batchItemFailures).toHaveLength(3);
    expect(world.ledger.items.get(keyOf("d"))?.state).toBe("done");
  });

  it("sends back what another run holds, until its lease is over", async () => {
    const world = consumerWorld(() => new Promise(() => {}));
    const other = world.sibling(() => {});
    const message = order();
    const stuck = world.begin([record(message)], { remainingMs: 10_000 });
    await world.clock.advance(0);
    const second = record(message, { receives: 2 });

    const response = await other.deliver([second]);

    expect(failures(response)).toEqual([second.messageId]);
    expect(other.queues.delayed[0]?.delaySeconds).toBeGreaterThanOrEqual(11);
    expect(other.lines[0]).toMatchObject({ outcome: "retry", reason: "held" });
    await world.clock.until(stuck);
  });

  it("takes over after the lease, and runs what was taken over alone, after the others", async () => {
    const message = order({ id: "killer" });
    const dead = consumerWorld(() => new Promise(() => {}));
    const stuck = dead.begin([record(message)], { remainingMs: 10_000 });
    await dead.clock.until(stuck);
    await dead.clock.advance(2_000);
    const doneBefore: (string | undefined)[] = [];
    const world = dead.sibling((event) => {
      if (event.id === "killer")
        doneBefore.push(...[...dead.ledger.items.values()].map(({ state }) => state));
    });

    const response = await world.deliver([
      record(message, { receives: 2 }),
      record(order({ id: "b" })),
      record(order({ id: "c" })),
    ]);

    expect(failures(response)).toEqual([]);
    expect(doneBefore.sort()).toEqual(["claimed", "done", "done"]);
    expect(dead.ledger.items.get(keyOf("killer"))).toMatchObject({ state: "done", attempts: 2 });
  });

  it("buries what has killed its process as often as it may be tried, without another run", async () => {
    let runs = 0;
    const hang = () => {
      runs++;
      return new Promise(() => {});
    };
    const world = consumerWorld(hang, { settings: { attempts: 2 } });
    const message = order({ id: "killer" });
    for (let receives = 1; receives <= 2; receives++) {
      await world.deliver([record(message, { receives })], { remainingMs: 5_000 });
      await world.clock.advance(10_000);
    }

    const response = await world.deliver([record(message, { receives: 3 })]);

    expect(failures(response)).toEqual([]);
    expect(runs).toBe(2);
    expect(world.queues.deadLetters).toHaveLength(1);
    expect(world.ledger.items.get(keyOf("killer"))?.state).toBe("dead");
  });

  it("refuses the completion of an owner whose lease has run out, and lets the later one stand", async () => {
    let release = () => {};
    const slow = consumerWorld(
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    const message = order({ id: "x" });
    const first = slow.begin([record(message)], { remainingMs: 60_000 });
    await slow.clock.advance(0);
    const item = slow.ledger.items.get(keyOf("x"));
    if (item) (slow.ledger.items as Map<string, typeof item>).set(item.key, { ...item, lease: 0 });
    const second = slow.sibling(() => {});
    await second.deliver([record(message, { receives: 2 })]);

    release();
    const response = await slow.clock.until(first);

    expect(response.batchItemFailures).toHaveLength(1);
    expect(slow.lines.find(({ reason }) => reason === "lost")).toBeDefined();
    expect(slow.ledger.items.get(keyOf("x"))).toMatchObject({ state: "done", attempts: 2 });
  });

  it("makes a dead letter of another event under a used identity, and leaves the first one's record alone", async () => {
    const world = consumerWorld(() => {});
    await world.deliver([record(order({ id: "x", cents: 1 }))]);

    const response = await world.deliver([record(order({ id: "x", cents: 2 }))]);

    expect(failures(response)).toEqual([]);
    expect(world.queues.deadLetters[0]?.attributes.omnibus?.stringValue).toContain('"reason":"id-reused"');
    expect(world.ledger.items.get(keyOf("x"))?.state).toBe("done");
  });

  it("tells other data under one identity apart inside one batch too", async () => {
    let runs = 0;
    const world = consumerWorld(() => {
      runs++;
    });

    const response = await world.deliver([
      record(order({ id: "x", cents: 1 })),
      record(order({ id: "x", cents: 2 })),
    ]);

    expect(failures(response)).toEqual([]);
    expect(runs).toBe(1);
    expect(world.queues.deadLetters).toHaveLength(1);
  });

  it("runs at most `parallel` handlers side by side", async () => {
    let running = 0;
    let most = 0;
    const world = consumerWorld(
      async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => world.clock.after(10, resolve));
        running--;
      },
      { settings: { parallel: 3 } },
    );

    await world.deliver(Array.from({ length: 10 }, () => record(order())));

    expect(most).toBe(3);
  });
});

describe("consume, when the ledger does not answer", () => {
  it("runs nothing and sends everything back: it fails closed", async () => {
    let runs = 0;
    const world = consumerWorld(() => {
      runs++;
    });
    const broken = world.sibling(
      () => {
        runs++;
      },
      {
        ledger: {
          ...world.ledger,
          claim: async () => {
            throw new Error("no route to host");
          },
        },
      },
    );
    const records = [record(order()), record(order())];

    const response = await broken.deliver(records);

    expect(failures(response)).toEqual(records.map(({ messageId }) => messageId));
    expect(runs).toBe(0);
    expect(broken.lines[0]).toMatchObject({ outcome: "retry", reason: "ledger-unavailable" });
  });

  it("sends back what ran and could not be written down, after several tries", async () => {
    let tries = 0;
    const world = consumerWorld(() => {});
    const broken = world.sibling(() => {}, {
      ledger: {
        ...world.ledger,
        end: async () => {
          tries++;
          throw new Error("no route to host");
        },
      },
    });
    const one = record(order());

    const response = await broken.deliver([one]);

    expect(failures(response)).toEqual([one.messageId]);
    expect(tries).toBe(3);
    expect(broken.lines[0]).toMatchObject({ outcome: "retry", reason: "not-recorded" });
  });
});
