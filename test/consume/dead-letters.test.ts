import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { defineEvent } from "../../src/contract/index.ts";
import { PermanentError } from "../../src/errors.ts";
import { again, consumerWorld, failures, order, orderCreated, record } from "../helpers/consumer-world.ts";

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

  it("say the error, cut short, in plain ASCII", async () => {
    const world = consumerWorld(() => {
      throw new PermanentError(`\u0007 ünmöglich ${"x".repeat(5_000)}`);
    });

    await world.deliver([record(order())]);

    const text = world.queues.deadLetters[0]?.attributes.omnibus?.stringValue ?? "";
    expect(text.length).toBeLessThan(1_000);
    expect(JSON.parse(text).error).toMatchObject({ name: "PermanentError" });
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
