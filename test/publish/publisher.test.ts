import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { type Contract, defineEvent } from "../../src/contract/index.ts";
import { InvalidEventError, PublishError, SettingsError } from "../../src/errors.ts";
import {
  createPublisher,
  type InMemoryTopicsOptions,
  inMemoryTopics,
  type PublisherOptions,
} from "../../src/publish/index.ts";
import { ids, refused, wire } from "./harness.ts";

const orderCreated = defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string(), total: z.number().optional() }),
  filterable: ["total"],
});
const orderPaid = defineEvent("order.paid", {
  version: 1,
  topic: "payments.fifo",
  schema: z.object({ orderId: z.string() }),
});
const ordersArn = "arn:aws:sns:eu-west-1:123456789012:shop-orders";
const paymentsArn = "arn:aws:sns:eu-west-1:123456789012:shop-payments.fifo";

function publisherOn(topicsOptions: InMemoryTopicsOptions = {}, options: Partial<PublisherOptions> = {}) {
  const clock = virtualClock();
  const topics = inMemoryTopics(topicsOptions);
  const publisher = createPublisher({
    bus: "shop",
    source: "checkout",
    account: "123456789012",
    region: "eu-west-1",
    topics,
    clock,
    ...options,
  });
  return { clock, topics, publisher };
}

const orders = (count: number) => ids(count, "o").map((orderId) => ({ orderId }));

describe("createPublisher", () => {
  it("publishes an event to its contract's topic, and answers its identity", async () => {
    const { clock, topics, publisher } = publisherOn();

    const published = await clock.until(
      publisher.publish(
        orderCreated,
        { orderId: "o1", total: 12.5 },
        { id: "e1", subject: "o1", time: new Date(0) },
      ),
    );

    expect(published).toEqual({ id: "e1", source: "checkout", messageId: "message-1" });
    const [message] = topics.taken(ordersArn);
    expect(message).toMatchObject({ id: "e1", attributes: { type: "order.created", total: 12.5 } });
    expect(JSON.parse(message?.body ?? "")).toMatchObject({
      id: "e1",
      source: "checkout",
      subject: "o1",
      time: "1970-01-01T00:00:00.000Z",
      data: { orderId: "o1", total: 12.5 },
    });
  });

  it("gives each event an id of its own", async () => {
    const { clock, publisher } = publisherOn();

    const all = await clock.until(
      Promise.all(orders(20).map((order) => publisher.publish(orderCreated, order))),
    );

    expect(new Set(all.map(({ id }) => id)).size).toBe(20);
  });

  it.each([
    ["invalid data", "invalid-data", { orderId: 7 as unknown as string }],
    ["data over the topic's size", "too-large", { orderId: "x".repeat(256 * 1024) }],
  ])("refuses %s and sends nothing", async (_, code, data) => {
    const { topics, publisher } = publisherOn();

    const error = await publisher.publish(orderCreated, data).catch((thrown: unknown) => thrown);
    await publisher.flush();

    expect(error).toBeInstanceOf(InvalidEventError);
    expect(error).toMatchObject({ code });
    expect(topics.calls).toEqual([]);
  });

  it.each([
    ["nothing", undefined],
    ["something else", { type: "order.created" }],
    ["a copy of a contract", { ...orderCreated }],
  ])("refuses %s where a contract is wanted, and sends nothing", async (_, contract) => {
    const { topics, publisher } = publisherOn();

    await expect(publisher.publish(contract as unknown as Contract, {})).rejects.toMatchObject({
      code: "unknown-contract",
    });
    await publisher.flush();

    expect(topics.calls).toEqual([]);
  });

  it("throws a PublishError that names the event when every try failed", async () => {
    const { clock, publisher } = publisherOn({ onMessage: () => refused("Busy", true) }, { attempts: 2 });

    const error = await clock.until(
      publisher.publish(orderCreated, { orderId: "o1" }, { id: "e1" }).catch((thrown: unknown) => thrown),
    );

    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({
      code: "publish-failed",
      retryable: true,
      published: 0,
      failed: [{ id: "e1", type: "order.created", code: "Busy", message: "Busy happened", retryable: true }],
    });
  });

  it("asks for the account once, and again only when it could not be told", async () => {
    let asked = 0;
    const account = async () => {
      if (++asked === 1) throw new Error("no network");
      return "123456789012";
    };
    const { clock, topics, publisher } = publisherOn({}, { account });

    await clock.until(Promise.all(orders(30).map((order) => publisher.publish(orderCreated, order))));

    expect(asked).toBe(2);
    expect(topics.taken(ordersArn)).toHaveLength(30);
  });

  it("tells of each event that was taken, and does not mind what the listener throws", async () => {
    const heard: unknown[] = [];
    const { clock, publisher } = publisherOn(
      { onMessage: ({ id }) => (id === "bad" ? refused("Invalid", false) : undefined) },
      {
        onPublished: (event) => {
          heard.push(event);
          throw new Error("listener");
        },
      },
    );

    const bad = publisher.publish(orderCreated, { orderId: "o0" }, { id: "bad" });
    const good = publisher.publish(orderCreated, { orderId: "o1" }, { id: "good" });
    await clock.until(Promise.allSettled([bad, good]));

    expect(heard).toEqual([
      { id: "good", source: "checkout", messageId: "message-1", type: "order.created", topic: "orders" },
    ]);
  });

  it("flushes on close, and refuses afterwards", async () => {
    const { clock, topics, publisher } = publisherOn({}, { lingerMs: 60_000 });
    const waiting = publisher.publish(orderCreated, { orderId: "o1" });

    const closing = publisher.close();
    await expect(publisher.publish(orderCreated, { orderId: "o2" })).rejects.toMatchObject({
      code: "publisher-closed",
    });
    await expect(publisher.publishAll(orderCreated, orders(1))).rejects.toMatchObject({
      code: "publisher-closed",
    });
    expect(await publisher.send([wire("late")])).toMatchObject([{ ok: false, code: "publisher-closed" }]);
    await clock.until(closing);

    await waiting;
    expect(topics.taken(ordersArn)).toHaveLength(1);
    await publisher.close();
  });

  it.each<[string, Partial<PublisherOptions>]>([
    ["source", { source: " " }],
    ["bus-name", { bus: "my-shop" }],
    ["publisher-option", { sideBySide: 0 }],
    ["publisher-option", { attempts: Number.NaN }],
    ["publisher-option", { maxBytes: 2 ** 21 }],
    ["publisher-option", { lingerMs: -1 }],
  ])("refuses what cannot be when it is made: %s", (code, options) => {
    expect(() => publisherOn({}, options)).toThrow(SettingsError);
    expect(() => publisherOn({}, options)).toThrow(expect.objectContaining({ code }));
  });
});

describe("createPublisher, send", () => {
  it("sends sealed messages as they are, without lingering, and answers in their order", async () => {
    const { clock, topics, publisher } = publisherOn(
      { onMessage: ({ id }) => (id === "e5" ? refused("Invalid", false) : undefined) },
      { lingerMs: 60_000 },
    );
    const messages = ids(12).map((id) => wire(id));
    const startMs = clock.nowMs();

    const results = await clock.until(publisher.send(messages));

    expect(results.map((result) => result.ok)).toEqual(messages.map(({ id }) => id !== "e5"));
    expect(topics.taken(ordersArn)).toEqual(messages.filter(({ id }) => id !== "e5"));
    expect(clock.nowMs()).toBe(startMs);
  });

  it("answers for a message that may not be sent, and holds back what stands behind it in its group", async () => {
    const { clock, topics, publisher } = publisherOn();
    const nine = Object.fromEntries(ids(9, "a").map((name) => [name, 1]));
    const topic = "payments.fifo";

    const results = await clock.until(
      publisher.send([
        { ...wire("attributes"), attributes: { ...nine, type: "order.created" } },
        { ...wire("fits"), attributes: { ...nine, omnibus: "{}" } },
        wire("large", { topic, group: "g", size: 300 * 1024 }),
        wire("behind", { topic, group: "g" }),
        wire("groupless", { topic }),
        wire("other", { topic, group: "h" }),
      ]),
    );

    expect(results.map((result) => (result.ok ? "ok" : result.code))).toEqual([
      "too-many-attributes",
      "ok",
      "too-large",
      "earlier-failed",
      "no-partition-key",
      "ok",
    ]);
    expect(topics.taken(paymentsArn).map(({ id }) => id)).toEqual(["other"]);
  });
});

describe("createPublisher, metrics", () => {
  const counted = (lines: readonly string[]) => lines.map((line) => JSON.parse(line));

  it("writes one line per topic when nothing is left to send", async () => {
    const lines: string[] = [];
    const { clock, publisher } = publisherOn(
      { onMessage: ({ id }) => (id === "bad" ? refused("Invalid", false) : undefined) },
      { metrics: (line) => lines.push(line) },
    );

    await clock.until(
      Promise.allSettled([
        publisher.publish(orderCreated, { orderId: "o1" }),
        publisher.publish(orderCreated, { orderId: "o2" }, { id: "bad" }),
      ]),
    );

    expect(counted(lines)).toMatchObject([{ Bus: "shop", Topic: "orders", Published: 1, PublishFailed: 1 }]);
  });

  it("counts every event of a busy hour in few lines", async () => {
    const lines: string[] = [];
    const { clock, publisher } = publisherOn(
      { onCall: () => new Promise((resolve) => clock.after(100, resolve)) },
      { metrics: (line) => lines.push(line), sideBySide: 1 },
    );

    await clock.until(publisher.publishAll(orderCreated, orders(500)));

    const values = counted(lines).map((line) => line.Published);
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(500);
    expect(lines.length).toBeLessThanOrEqual(6);
  });

  it("writes nothing outside Lambda unless asked", async () => {
    const { clock, publisher } = publisherOn();
    const write = process.stdout.write;
    const written: unknown[] = [];
    process.stdout.write = (chunk: unknown) => written.push(chunk) > 0;
    try {
      await clock.until(publisher.publish(orderCreated, { orderId: "o1" }));
    } finally {
      process.stdout.write = write;
    }

    expect(written).toEqual([]);
  });
});

describe("createPublisher, on ordered topics", () => {
  it("keeps the order of the calls per partition key, and refuses an event without one", async () => {
    let failing = 2;
    const { clock, topics, publisher } = publisherOn({
      onMessage: ({ id }) => (id === "a0" && failing-- > 0 ? refused("Busy", true) : undefined),
    });

    await expect(publisher.publish(orderPaid, { orderId: "o" })).rejects.toBeInstanceOf(InvalidEventError);
    await clock.until(
      Promise.all(
        ids(5, "a").map((id) => publisher.publish(orderPaid, { orderId: id }, { id, partitionkey: "a" })),
      ),
    );

    expect(topics.taken(paymentsArn).map(({ id }) => id)).toEqual(ids(5, "a"));
  });
});
