import { describe, expect, it } from "@jest/globals";
import { PermanentError } from "../../src/errors.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { consumerWorld, failures, order, record, stockLocked } from "../helpers/consumer-world.ts";

const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });
const stockTopic = "arn:aws:sns:us-east-1:000000000000:shop-stock";

describe("consume in mode record", () => {
  const settings = { mode: "record" } as const;

  it("runs on every delivery, and writes the first end down", async () => {
    let runs = 0;
    const world = consumerWorld(
      () => {
        runs++;
      },
      { settings },
    );
    const message = order({ id: "x" });

    await world.deliver([record(message)]);
    const response = await world.deliver([record(message, { receives: 2 })]);

    expect(failures(response)).toEqual([]);
    expect(runs).toBe(2);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "done", attempts: 1 });
    expect(world.lines.map(({ outcome }) => outcome).filter(Boolean)).toEqual(["handled", "duplicate"]);
  });

  it("counts receives as attempts", async () => {
    const world = consumerWorld(
      () => {
        throw new Error("always");
      },
      { settings: { ...settings, attempts: 3 } },
    );
    const message = order({ id: "x" });

    await world.deliver([record(message, { receives: 2 })]);
    expect(world.queues.deadLetters).toHaveLength(0);
    await world.deliver([record(message, { receives: 3 })]);

    expect(world.queues.deadLetters).toHaveLength(1);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "dead", reason: "attempts-exhausted" });
  });

  it("sends the emits that were stored first, and no others", async () => {
    let runs = 0;
    const world = consumerWorld(
      (_, ctx) => {
        ctx.emit(stockLocked, { orderId: `run ${++runs}` });
      },
      { settings },
    );
    const message = order();

    await world.deliver([record(message)]);
    await world.deliver([record(message, { receives: 2 })]);

    expect(world.topics.taken(stockTopic)).toHaveLength(1);
    expect(world.topics.taken(stockTopic)[0]?.body).toContain("run 1");
  });
});

describe("consume in mode none", () => {
  it("never touches the ledger", async () => {
    const world = consumerWorld(
      (event) => {
        if (event.id === "dead") throw new PermanentError("no");
      },
      { settings: { mode: "none" } },
    );

    const response = await world.deliver([record(order()), record(order({ id: "dead" }))]);

    expect(failures(response)).toEqual([]);
    expect(world.ledger.items.size).toBe(0);
    expect(world.queues.deadLetters).toHaveLength(1);
  });
});
