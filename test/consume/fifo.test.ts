import { describe, expect, it } from "@jest/globals";
import { PermanentError } from "../../src/errors.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { again, consumerWorld, failures, order, record, stockLocked } from "../helpers/consumer-world.ts";

const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });
const settings = { fifo: true };

describe("consume on a FIFO queue", () => {
  it("handles a group in order, and groups side by side", async () => {
    const log: string[] = [];
    const world = consumerWorld(
      async (event) => {
        log.push(`start ${event.id}`);
        await new Promise<void>((resolve) => world.clock.after(10, resolve));
        log.push(`end ${event.id}`);
      },
      { settings },
    );

    await world.deliver([
      record(order({ id: "a1" }), { group: "a" }),
      record(order({ id: "b1" }), { group: "b" }),
      record(order({ id: "a2" }), { group: "a" }),
    ]);

    expect(log).toEqual(["start a1", "start b1", "end a1", "end b1", "start a2", "end a2"]);
  });

  it("stops a group at its first failure; what comes after it goes back unrun and uncounted", async () => {
    const ran: string[] = [];
    const world = consumerWorld(
      (event) => {
        ran.push(event.id);
        if (event.id === "a2") throw new Error("no");
      },
      { settings },
    );
    const records = ["a1", "a2", "a3", "b1"].map((id) => record(order({ id }), { group: id[0] ?? "" }));

    const response = await world.deliver(records);

    expect(ran.sort()).toEqual(["a1", "a2", "b1"]);
    expect(failures(response)).toEqual([records[1]?.messageId, records[2]?.messageId]);
    expect(world.ledger.items.get(keyOf("a3"))).toMatchObject({ state: "released", attempts: 0 });
    expect(world.ledger.items.get(keyOf("a2"))).toMatchObject({ state: "released", attempts: 1 });
  });

  it("stops a group behind an event that another run holds", async () => {
    const ran: string[] = [];
    const holder = consumerWorld(() => new Promise(() => {}), { settings });
    const held = order({ id: "a1" });
    const stuck = holder.begin([record(held, { group: "a" })]);
    await holder.clock.advance(0);
    const world = holder.sibling((event) => {
      ran.push(event.id);
    });

    const response = await world.deliver([
      record(held, { group: "a", receives: 2 }),
      record(order({ id: "a2" }), { group: "a" }),
      record(order({ id: "b1" }), { group: "b" }),
    ]);

    expect(ran).toEqual(["b1"]);
    expect(response.batchItemFailures).toHaveLength(2);
    await holder.clock.until(stuck);
  });

  it("goes on behind a dead letter, which keeps its group", async () => {
    const ran: string[] = [];
    const world = consumerWorld(
      (event) => {
        ran.push(event.id);
        if (event.id === "a1") throw new PermanentError("never");
      },
      { settings },
    );

    const response = await world.deliver([
      record(order({ id: "a1" }), { group: "a" }),
      record("{", { group: "a" }),
      record(order({ id: "a2" }), { group: "a" }),
    ]);

    expect(ran).toEqual(["a1", "a2"]);
    expect(failures(response)).toEqual([]);
    expect(world.queues.deadLetters.map(({ groupId, queueArn }) => [groupId, queueArn])).toEqual([
      ["a", "arn:aws:sqs:us-east-1:000000000000:shop-LockStock-dead.fifo"],
      ["a", "arn:aws:sqs:us-east-1:000000000000:shop-LockStock-dead.fifo"],
    ]);
  });

  it("does not start the next one before the end of the one before is written down", async () => {
    const ran: string[] = [];
    const world = consumerWorld(() => {}, { settings });
    const broken = world.sibling(
      (event) => {
        ran.push(event.id);
      },
      {
        ledger: {
          ...world.ledger,
          end: async (endings, owner) => {
            const a1 = keyOf("a1");
            const results = await world.ledger.end(
              endings.filter(({ key }) => key !== a1),
              owner,
            );
            let at = 0;
            return endings.map(({ key }) =>
              key === a1
                ? { status: "failed" as const, code: "Throttled" }
                : (results[at++] ?? { status: "lost" }),
            );
          },
        },
      },
    );

    const response = await broken.deliver([
      record(order({ id: "a1" }), { group: "a" }),
      record(order({ id: "a2" }), { group: "a" }),
    ]);

    expect(ran).toEqual(["a1"]);
    expect(response.batchItemFailures).toHaveLength(2);
  });

  it("stops a group behind an event that is done, while what it emitted cannot be sent", async () => {
    const ran: string[] = [];
    const unsent = inMemoryTopics({
      onCall: () => {
        throw new Error("SNS is away");
      },
    });
    const world = consumerWorld((_, ctx) => ctx.emit(stockLocked, { orderId: "o-1" }), {
      settings,
      topics: unsent,
    });
    const first = record(order({ id: "a1" }), { group: "a" });
    await world.deliver([first]);
    const next = world.sibling((event) => {
      ran.push(event.id);
    });

    const response = await next.deliver([again(first), record(order({ id: "a2" }), { group: "a" })]);

    expect(ran).toEqual([]);
    expect(response.batchItemFailures).toHaveLength(2);
  });

  it("brings a packed message again when its failed event is due, not at once for those that it stopped", async () => {
    const world = consumerWorld(
      () => {
        throw new Error("not yet");
      },
      { settings: { ...settings, firstDelayMs: 60_000 } },
    );
    const events = ["a1", "a2"].map((id) => JSON.parse(order({ id }).body));
    const [alone, stopped] = [
      record(JSON.stringify(events), { group: "a" }),
      record(order(), { group: "a" }),
    ];

    await world.deliver([alone, stopped]);

    const delayOf = ({ receiptHandle }: typeof alone) =>
      world.queues.delayed.find((entry) => entry.receiptHandle === receiptHandle)?.delaySeconds;
    expect(delayOf(alone)).toBeGreaterThan(0);
    expect(delayOf(stopped)).toBe(0);
  });

  it("decides about an event that comes twice before what follows it in its group", async () => {
    const ran: string[] = [];
    const world = consumerWorld(
      (event) => {
        ran.push(`${event.id} ${event.data.cents}`);
      },
      { settings },
    );
    await world.deliver([record(order({ id: "a1", cents: 1 }), { group: "a" })]);

    const response = await world.deliver([
      record(order({ id: "a1", cents: 2 }), { group: "a" }),
      record(order({ id: "a1", cents: 1 }), { group: "a" }),
      record(order({ id: "a2", cents: 3 }), { group: "a" }),
    ]);

    // Whether a1 is done cannot be told beside its impostor: it comes again, and a2 behind it.
    expect(ran).toEqual(["a1 1"]);
    expect(response.batchItemFailures).toHaveLength(2);
  });

  it("gives each dead letter a deduplication id of its own, the same for the same delivery", async () => {
    const world = consumerWorld(() => {}, { settings });
    const one = record("[1,2]", { group: "a" });

    await world.deliver([one]);
    await world.deliver([again(one)]);
    await world.deliver([record("[1,2]", { group: "a" })]);

    const ids = world.queues.deadLetters.map(({ deduplicationId }) => deduplicationId);
    expect(ids).toHaveLength(6);
    expect(ids.slice(2, 4)).toEqual(ids.slice(0, 2));
    expect(new Set(ids).size).toBe(4);
  });
});
