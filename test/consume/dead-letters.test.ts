import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { dataHash, defineEvent } from "../../src/contract/index.ts";
import { PermanentError } from "../../src/errors.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { again, consumerWorld, failures, order, orderCreated, record } from "../helpers/consumer-world.ts";

const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });

describe("dead letters", () => {
  it("take what cannot be read, with the reason, body and attributes as they came", async () => {
    let runs = 0;
    const world = consumerWorld(() => {
      runs++;
    });
    const attributes = {
      type: { dataType: "String", stringValue: "order.created" },
      bytes: { dataType: "Binary", binaryValue: "AAEC" },
    };
    const bodies = ["{", '{"specversion":"0.3"}', `${"[".repeat(50)}${"]".repeat(50)}`, "[]"];

    const response = await world.deliver(bodies.map((body) => record(body, { attributes, receives: 3 })));

    expect(failures(response)).toEqual([]);
    expect(runs).toBe(0);
    expect(world.queues.deadLetters.map(({ body }) => body)).toEqual(bodies);
    for (const letter of world.queues.deadLetters) {
      expect(letter.queueArn).toBe("arn:aws:sqs:us-east-1:000000000000:shop-LockStock-dead");
      expect(letter.attributes).toMatchObject(attributes);
      expect(JSON.parse(letter.attributes.omnibus?.stringValue ?? "")).toMatchObject({
        v: 1,
        consumer: "LockStock",
        reason: expect.stringMatching(/^(bad-json|bad-envelope|too-deep)$/),
        attempts: 3,
      });
    }
    expect(world.ledger.items.size).toBe(0);
  });

  it("keep the group of a fair queue, which is standard and deduplicates nothing", async () => {
    const world = consumerWorld(() => {});
    const queueArn = "arn:aws:sqs:us-east-1:000000000000:shop-LockStock";

    await world.deliver([record("{", { group: "tenant", queueArn })]);

    expect(world.queues.deadLetters).toMatchObject([{ body: "{", groupId: "tenant" }]);
    expect(world.queues.deadLetters[0]).not.toHaveProperty("deduplicationId");
  });

  it("take what no contract fits: another type, another version, other data", async () => {
    const other = defineEvent("order.lost", { version: 1, topic: "orders", schema: z.object({}) });
    const later = defineEvent("order.created", { version: 2, topic: "orders", schema: z.object({}) });
    const world = consumerWorld(() => {});
    const seal = (body: object) => JSON.stringify({ ...JSON.parse(order().body), ...body });

    await world.deliver([
      record(seal({ type: other.type, dataschema: other.dataschema })),
      record(seal({ dataschema: later.dataschema })),
      record(seal({ data: { orderId: 1 } })),
    ]);

    const reasons = world.queues.deadLetters.map(
      ({ attributes }) => JSON.parse(attributes.omnibus?.stringValue ?? "").reason,
    );
    expect(reasons).toEqual(["unknown-type", "unknown-version", "invalid-data"]);
  });

  it("are dead in the ledger, too, where an event can be read that no contract fits", async () => {
    for (const mode of ["once", "record"] as const) {
      const world = consumerWorld(() => {}, { settings: { mode } });
      const unfit = order({ id: "x" });
      const body = JSON.stringify({ ...JSON.parse(unfit.body), dataschema: "urn:omnibus:order.created:9" });

      await world.deliver([record(body, { receives: 4 }), record(order({ id: "y" }))]);

      expect(world.ledger.items.get(keyOf("x"))).toMatchObject({
        consumer: "LockStock",
        source: "/shop/web",
        id: "x",
        type: "order.created",
        hash: dataHash(JSON.parse(body).data),
        state: "dead",
        reason: "unknown-version",
        attempts: 0,
        ended: world.clock.nowMs(),
      });
      expect(world.ledger.items.get(keyOf("y"))).toMatchObject({ state: "done" });
    }
  });

  it("are no item where nothing can be read, or nothing is to be kept", async () => {
    const world = consumerWorld(() => {}, { settings: { mode: "none" } });
    await world.deliver([record(JSON.stringify({ ...JSON.parse(order().body), type: "order.lost" }))]);
    await world.deliver([record("{")]);

    expect(world.ledger.items.size).toBe(0);
    expect(world.queues.deadLetters).toHaveLength(2);
  });

  it("are claimed like any dead event when they are sent back after an upgrade", async () => {
    const later = defineEvent("order.created", {
      version: 2,
      topic: "orders",
      schema: z.object({ orderId: z.string() }),
    });
    const runs: number[] = [];
    const world = consumerWorld(() => {});
    const body = JSON.stringify({ ...JSON.parse(order({ id: "x" }).body), dataschema: later.dataschema });
    await world.deliver([record(body)]);
    const { clock, ledger } = world;
    const upgraded = consumerWorld(
      (_, ctx) => {
        runs.push(ctx.attempt);
      },
      { contracts: [orderCreated, later], clock, ledger },
    );

    await upgraded.deliver([record(body)]);
    await upgraded.deliver([record(body)]);

    expect(runs).toEqual([1]);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "done", attempts: 1 });
  });

  it("leave the claim of another run alone, and what is done", async () => {
    const world = consumerWorld(() => {});
    const [done, held] = [order({ id: "done" }), order({ id: "held" })];
    const unfit = (id: string) => ({
      ...JSON.parse(order({ id }).body),
      dataschema: "urn:omnibus:order.created:9",
    });
    await world.deliver([record(done)]);
    const event = { consumer: "LockStock", source: "/shop/web", id: "held", type: "order.created" };
    const { time, data } = JSON.parse(held.body);
    const claim = { ...event, key: keyOf("held"), time, hash: dataHash(data), redelivered: false };
    await world.ledger.claim([claim], { owner: "old", leaseEndsMs: world.clock.nowMs() + 60_000 });

    const { data: doneData } = JSON.parse(done.body);
    await world.deliver([
      record(JSON.stringify({ ...unfit("done"), data: doneData })),
      record(JSON.stringify({ ...unfit("held"), data })),
    ]);

    expect(world.ledger.items.get(keyOf("done"))).toMatchObject({ state: "done" });
    expect(world.ledger.items.get(keyOf("held"))).toMatchObject({ state: "claimed", owner: "old" });
    expect(world.queues.deadLetters).toHaveLength(2);
  });

  it("are written down once for an event that is in one batch more than once, fitting or not", async () => {
    const calls: string[][] = [];
    const world = consumerWorld(() => {}, { settings: { mode: "record" } });
    const { record: write } = world.ledger;
    world.ledger.record = async (requests) => {
      calls.push(requests.map(({ key }) => key));
      return write(requests);
    };
    const unfit = JSON.stringify({
      ...JSON.parse(order({ id: "x" }).body),
      dataschema: "urn:omnibus:order.created:9",
    });

    await world.deliver([record(unfit), record(unfit), record(order({ id: "x" })), record(unfit)]);
    await world.deliver([record(unfit), record(unfit)]);

    for (const keys of calls) expect(new Set(keys).size).toBe(keys.length);
    expect(world.ledger.items.get(keyOf("x"))).toMatchObject({ state: "done" });
  });

  it("say the error, cut short, in plain ASCII", async () => {
    const world = consumerWorld(() => {
      throw new PermanentError(`\u0007 ünmöglich ${"x".repeat(5_000)}`);
    });

    await world.deliver([record(order())]);

    const text = world.queues.deadLetters[0]?.attributes.omnibus?.stringValue ?? "";
    expect(text.length).toBeLessThan(1_000);
    expect(JSON.parse(text).error).toMatchObject({
      name: "PermanentError",
      at: expect.stringMatching(/dead-letters\.test\.ts:\d+:\d+/),
    });
    expect([...text].some((character) => character < " ")).toBe(false);
  });

  it("are not lost when the dead-letter queue does not take them: the event comes back and its claim is released", async () => {
    const world = consumerWorld(() => {
      throw new PermanentError("no");
    });
    world.queues.refuseDeadLetters(true);
    const one = record(order());

    const response = await world.deliver([one]);

    expect(failures(response)).toEqual([one.messageId]);
    expect([...world.ledger.items.values()][0]?.state).toBe("released");
    world.queues.refuseDeadLetters(false);
    const second = await world.deliver([record(one.body, { receives: 2 })]);
    expect(failures(second)).toEqual([]);
    expect(world.queues.deadLetters).toHaveLength(1);
  });

  it("take one event out of a packed message, and the others are handled", async () => {
    const handled: string[] = [];
    const world = consumerWorld((event) => {
      handled.push(event.id);
      if (event.id === "bad") throw new PermanentError("no");
    });
    const events = ["a", "bad", "c"].map((id) => JSON.parse(order({ id }).body));

    const response = await world.deliver([record(JSON.stringify(events))]);

    expect(failures(response)).toEqual([]);
    expect(handled).toEqual(["a", "bad", "c"]);
    expect(world.queues.deadLetters.map(({ body }) => JSON.parse(body).id)).toEqual(["bad"]);
  });

  it("bury what is dead in a packed message with the last of its events, and only once", async () => {
    let late = true;
    const world = consumerWorld((event) => {
      if (event.id === "bad") throw new PermanentError("no");
      if (event.id === "late" && late) throw new Error("not yet");
    });
    const events = [...["bad", "late"].map((id) => JSON.parse(order({ id }).body)), { nothing: "of ours" }];
    const one = record(JSON.stringify(events));

    const first = await world.deliver([one]);
    const second = await world.deliver([again(one)]);
    late = false;
    const third = await world.deliver([again(again(one))]);

    expect([first, second, third].map((response) => failures(response).length)).toEqual([1, 1, 0]);
    expect(world.queues.deadLetters).toHaveLength(2);
  });

  it("make room for their note among ten attributes, and say what had to go", async () => {
    const world = consumerWorld(() => {});
    const attributes = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`a${index}`, { dataType: "String", stringValue: "v" }]),
    );

    await world.deliver([record("{", { attributes })]);

    const [letter] = world.queues.deadLetters;
    expect(Object.keys(letter?.attributes ?? {})).toHaveLength(10);
    expect(JSON.parse(letter?.attributes.omnibus?.stringValue ?? "")).toMatchObject({ dropped: ["a9"] });
  });

  it("hold a replay's id, which gives the event a key of its own", async () => {
    let runs = 0;
    const world = consumerWorld(() => {
      runs++;
    });
    const message = order();
    await world.deliver([record(message)]);
    const attributes = { omnibus: { dataType: "String", stringValue: '{"v":1,"replayId":"r-1"}' } };

    await world.deliver([record(message, { attributes })]);
    await world.deliver([record(message, { attributes })]);

    expect(runs).toBe(2);
  });
});

describe("several contracts", () => {
  it("reach one handler, told apart by type, and old versions are brought up", async () => {
    const cancelled = defineEvent("order.cancelled", {
      version: 2,
      topic: "orders",
      schema: z.object({ orderId: z.string(), why: z.string() }),
      upcast: { 1: (data) => ({ ...(data as object), why: "not told" }) },
    });
    const seen: string[] = [];
    const world = consumerWorld<typeof orderCreated | typeof cancelled>(
      (event) => {
        if (event.type === "order.created") seen.push(`created ${event.data.cents}`);
        else seen.push(`cancelled ${event.data.why} ${event.version}`);
      },
      { contracts: [orderCreated, cancelled] },
    );
    const old = {
      ...JSON.parse(order().body),
      id: "old",
      type: "order.cancelled",
      dataschema: "urn:omnibus:order.cancelled:1",
      data: { orderId: "1" },
    };

    const response = await world.deliver([record(order()), record(JSON.stringify(old))]);

    expect(failures(response)).toEqual([]);
    expect(seen).toEqual(["created 1250", "cancelled not told 2"]);
  });
});
