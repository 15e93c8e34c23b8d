import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { defineEvent } from "../../src/contract/index.ts";
import { InvalidEventError, PublishError } from "../../src/errors.ts";
import {
  createPublisher,
  type InMemoryTopicsOptions,
  inMemoryTopics,
  type PublisherOptions,
} from "../../src/publish/index.ts";
import { gate, refused } from "./harness.ts";

const schema = z.object({ n: z.number() });
const counted = defineEvent("number.counted", { version: 1, topic: "numbers", schema });
const ordered = defineEvent("number.ordered", { version: 1, topic: "numbers.fifo", schema });
const arn = "arn:aws:sns:eu-west-1:123456789012:shop-numbers";

function publisherOn(topicsOptions: InMemoryTopicsOptions = {}, options: Partial<PublisherOptions> = {}) {
  const clock = virtualClock();
  const topics = inMemoryTopics(topicsOptions);
  const publisher = createPublisher({
    ...{ bus: "shop", source: "counter", account: "123456789012", region: "eu-west-1", topics, clock },
    ...options,
  });
  return { clock, topics, publisher };
}

function* numbers(count: number) {
  for (let n = 0; n < count; n++) yield { n };
}

const nOf = (body: string): number => JSON.parse(body).data.n;
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe("publishAll", () => {
  it.each([
    ["an array", () => [...numbers(95)]],
    ["an iterable", () => numbers(95)],
    [
      "an async iterable",
      async function* () {
        yield* numbers(95);
      },
    ],
  ])("publishes all that %s gives, in full batches", async (_, source) => {
    const { clock, topics, publisher } = publisherOn({}, { lingerMs: 60_000 });

    const report = await clock.until(publisher.publishAll(counted, source()));

    expect(report).toEqual({ published: 95 });
    expect(topics.calls.map(({ messages }) => messages.length)).toEqual([...Array(9).fill(10), 5]);
    expect(
      topics
        .taken(arn)
        .map(({ body }) => nOf(body))
        .sort((a, b) => a - b),
    ).toEqual([...numbers(95)].map(({ n }) => n));
  });

  it("answers at once for an empty source", async () => {
    const { topics, publisher } = publisherOn();

    expect(await publisher.publishAll(counted, [])).toEqual({ published: 0 });
    expect(topics.calls).toEqual([]);
  });

  it("shares options among all events, or makes them for each", async () => {
    const { clock, topics, publisher } = publisherOn();

    await clock.until(publisher.publishAll(counted, [...numbers(2)], { correlationid: "c1" }));
    await clock.until(
      publisher.publishAll(counted, numbers(2), ({ n }, index) => ({ id: `id-${n}-${index}` })),
    );

    const sent = topics.taken(arn).map(({ body }) => JSON.parse(body));
    expect(sent.slice(0, 2).map(({ correlationid }) => correlationid)).toEqual(["c1", "c1"]);
    expect(sent.slice(2).map(({ id }) => id)).toEqual(["id-0-0", "id-1-1"]);
  });

  it("refuses an array as a whole when one event is bad: nothing is sent", async () => {
    const { clock, topics, publisher } = publisherOn();
    const data = [...numbers(50), { n: "x" as unknown as number }];

    const error = await clock.until(failure(publisher.publishAll(counted, data)));

    expect(error).toBeInstanceOf(InvalidEventError);
    expect(error).toMatchObject({ code: "invalid-data", message: expect.stringContaining("event 50 of 51") });
    expect(topics.calls).toEqual([]);
  });

  it("sends an array that is larger than what it may hold", async () => {
    const { clock, topics, publisher } = publisherOn({}, { maxWaitingBytes: 2_000 });

    const report = await clock.until(publisher.publishAll(counted, [...numbers(60)]));

    expect(report).toEqual({ published: 60 });
    expect(new Set(topics.taken(arn).map(({ id }) => id)).size).toBe(60);
    expect(
      topics
        .taken(arn)
        .map(({ body }) => nOf(body))
        .sort((a, b) => a - b),
    ).toEqual([...numbers(60)].map(({ n }) => n));
  });

  it("counts a bad event of another source as failed, and sends the others", async () => {
    const { clock, topics, publisher } = publisherOn();
    const source = function* () {
      yield* numbers(3);
      yield { n: "x" as unknown as number };
      yield* numbers(2);
    };

    const error = await clock.until(failure(publisher.publishAll(counted, source())));

    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({
      published: 5,
      failed: [{ type: "number.counted", code: "invalid-data", retryable: false }],
    });
    expect(topics.taken(arn)).toHaveLength(5);
  });

  it("reports what failed, each once, and how many were taken", async () => {
    const onMessage = ({ body }: { body: string }) =>
      nOf(body) % 10 === 3 ? refused("Invalid", false) : undefined;
    const { clock, topics, publisher } = publisherOn({ onMessage });

    const error = await clock.until(
      failure(publisher.publishAll(counted, numbers(40), ({ n }) => ({ id: `e${n}` }))),
    );

    expect(error).toMatchObject({ published: 36, retryable: false });
    expect(error instanceof PublishError && error.failed.map(({ id }) => id)).toEqual([
      "e3",
      "e13",
      "e23",
      "e33",
    ]);
    expect(topics.taken(arn)).toHaveLength(36);
  });

  it("holds no more than it may, and reads its source no further", async () => {
    const open = gate();
    let read = 0;
    let taken = 0;
    let most = 0;
    const source = async function* () {
      for (const data of numbers(2_000)) {
        read++;
        most = Math.max(most, read - taken);
        yield data;
      }
    };
    const { clock, publisher } = publisherOn(
      { onCall: () => open.promise },
      { maxWaiting: 100, onPublished: () => void taken++ },
    );

    const all = publisher.publishAll(counted, source());
    await clock.advance(1_000);
    expect(read).toBeLessThanOrEqual(101);
    open.open();
    await clock.until(all);

    expect(taken).toBe(2_000);
    // One more is read before there is no room for it.
    expect(most).toBeLessThanOrEqual(101);
  });

  it("stops reading after a thousand failures", async () => {
    let read = 0;
    const source = function* () {
      for (const data of numbers(100_000)) {
        read++;
        yield data;
      }
    };
    const onCall = () => {
      throw Object.assign(new Error("gone"), { name: "NotFoundException" });
    };
    const { clock, publisher } = publisherOn({ onCall }, { maxWaiting: 100 });

    const error = await clock.until(failure(publisher.publishAll(counted, source())));

    expect(error).toMatchObject({ published: 0, message: expect.stringContaining("too many had failed") });
    expect(read).toBeLessThanOrEqual(1_102);
  });

  it("keeps the source's own error, after what was read is out", async () => {
    const { clock, topics, publisher } = publisherOn();
    const broken = new Error("the file ended early");
    const source = function* () {
      yield* numbers(7);
      throw broken;
    };

    const error = await clock.until(failure(publisher.publishAll(counted, source())));

    expect(error).toMatchObject({ code: "source-failed", published: 7, failed: [], cause: broken });
    expect(topics.taken(arn)).toHaveLength(7);
  });

  it("stops when the publisher is closed, after what was read is out", async () => {
    const { clock, topics, publisher } = publisherOn({}, { maxWaiting: 20 });

    const all = failure(publisher.publishAll(counted, numbers(10_000)));
    await clock.until(publisher.close());

    const error = await clock.until(all);
    expect(error).toMatchObject({ code: "publisher-closed", published: topics.taken(arn).length });
    expect(topics.taken(arn).length).toBeLessThan(10_000);
  });

  it("sends nothing more of a partition key once one of its events is given up", async () => {
    const onMessage = ({ body }: { body: string }) =>
      nOf(body) === 4 ? refused("Invalid", false) : undefined;
    const { clock, topics, publisher } = publisherOn({ onMessage }, { maxWaiting: 4 });

    const error = await clock.until(
      failure(
        publisher.publishAll(ordered, numbers(20), ({ n }) => ({ partitionkey: n % 2 ? "odd" : "even" })),
      ),
    );

    const taken = topics.taken(`${arn}.fifo`).map(({ body }) => nOf(body));
    expect(taken.filter((n) => n % 2 === 0)).toEqual([0, 2]);
    expect(taken.filter((n) => n % 2 === 1)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    expect(error instanceof PublishError && error.failed.map(({ code }) => code)).toEqual([
      "Invalid",
      ...Array(7).fill("earlier-failed"),
    ]);
  });

  it("holds no more than it may however long the source is", async () => {
    let taken = 0;
    let read = 0;
    let most = 0;
    const source = function* () {
      for (const data of numbers(50_000)) {
        read++;
        most = Math.max(most, read - taken);
        yield data;
      }
    };
    const topics = {
      publishBatch: async (_: string, messages: readonly unknown[]) =>
        messages.map(() => ({ ok: true as const, messageId: "m" })),
    };
    const publisher = createPublisher({
      ...{ bus: "shop", source: "counter", account: "123456789012", region: "eu-west-1", topics },
      onPublished: () => void taken++,
    });

    await publisher.publishAll(counted, source());

    expect(taken).toBe(50_000);
    expect(most).toBeLessThanOrEqual(1_001);
  });
});
