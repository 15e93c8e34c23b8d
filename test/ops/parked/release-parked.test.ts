import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { dropHandled, listParked, ReleaseError, releaseParked } from "../../../ops/parked/index.ts";
import { ParkingError } from "../../../src/errors.ts";
import {
  applyStep,
  inMemoryParked,
  type ParkedStore,
  type Poison,
  releaseOf,
} from "../../../src/parking/index.ts";
import { startQueues, type TestQueues } from "../../helpers/start-queues.ts";

let queues: TestQueues;
let runs = 0;
let consumer: { bus: string; consumer: string; fifo: boolean; parks: true };
let store: ParkedStore;

beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.stop());

beforeEach(() => {
  const name = `Book${runs++}`;
  consumer = { bus: "shop", consumer: name, fifo: true, parks: true };
  for (const end of [".fifo", "-dead.fifo", "-undelivered.fifo"]) {
    queues.createQueue(`shop-${name}${end}`, { FifoQueue: "true" });
  }
  store = inMemoryParked();
});

const poison = (more: Partial<Poison> = {}): Poison => ({
  ...{ key: "k", id: "e-1", type: "balance.moved", reason: "permanent", attempts: 1, diedAtMs: 5 },
  ...more,
});
const park = (group: string, messages: number, nowMs = 1_000) =>
  applyStep(store, undefined, {
    ...{ consumer: consumer.consumer, group, nowMs, done: [], poison: poison() },
    joining: Array.from({ length: messages }, (_, index) => ({
      ...{ messageId: `${group}-${index}`, body: "{}", attributes: {}, messageAttributes: {} },
    })),
  });

/** Plays the consumer for one batch: receives release messages, and does with each group what it is told. */
async function playConsumer(act: (group: string, release: string) => Promise<void>): Promise<number> {
  const { QueueUrl } = await queues.client.send(
    new GetQueueUrlCommand({ QueueName: `shop-${consumer.consumer}.fifo` }),
  );
  const { Messages = [] } = await queues.client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"] }),
  );
  for (const { Body = "", Attributes } of Messages) {
    await act(Attributes?.MessageGroupId ?? "", releaseOf(Body) ?? "none");
  }
  return Messages.length;
}

/** The head of a line is handled, all of it or less; what dies parks the group again. */
async function handle(group: string, release: string, most = 99, died?: Poison) {
  const marker = (await store.read(consumer.consumer, [group])).get(group);
  const done = await store.line(consumer.consumer, group, marker?.first ?? 1, most);
  await applyStep(store, marker, {
    ...{ consumer: consumer.consumer, group, nowMs: 2_000, release, done, joining: [] },
    poison: died,
  });
}

const releasing = (groups: readonly string[], more: Partial<Parameters<typeof releaseParked>[0]> = {}) =>
  releaseParked({ store, client: queues.client, consumer, groups, stallMs: 10_000, pollMs: 5, ...more });

/** Lets the consumer work until the release is over. */
async function untilReleased(work: Promise<unknown>, act: Parameters<typeof playConsumer>[0]) {
  let over = false;
  void work.finally(() => {
    over = true;
  });
  while (!over) await playConsumer(act);
}

describe("releaseParked", () => {
  it("has the consumer handle each line, and tells when all are through", async () => {
    await park("a", 4);
    await park("b", 2);
    const told: unknown[] = [];

    const work = releasing(["a", "b", "c"], { onProgress: (progress) => told.push(progress) });
    await untilReleased(work, handle);

    expect(await work).toEqual([
      { group: "a", status: "released", handled: 4 },
      { group: "b", status: "released", handled: 2 },
      { group: "c", status: "not-parked", handled: 0 },
    ]);
    expect(told.at(-1)).toEqual({ through: 3, waiting: 0 });
  });

  it("leaves the poison out, or has it handled first, as it is told", async () => {
    await park("a", 2);
    await park("b", 2);
    const skips = async (group: string) =>
      (await store.read(consumer.consumer, [group])).get(group)?.release?.skip;

    const without = await releasing(["a"], { stallMs: 0 });
    const withPoison = await releasing(["b"], { stallMs: 0, withPoison: true });

    expect(await skips("a")).toEqual({ key: "k", place: 1 });
    expect(await skips("b")).toBeUndefined();
    expect([without, withPoison]).toMatchObject([
      [{ status: "releasing", waiting: 2, handled: 0 }],
      [{ status: "releasing", waiting: 2, handled: 0 }],
    ]);
  });

  it("tells what dies on the way, and what waits behind it", async () => {
    await park("a", 4);
    const died = poison({ key: "k3", id: "e-3" });

    const work = releasing(["a"]);
    await untilReleased(work, (group, release) => handle(group, release, 2, died));

    expect(await work).toEqual([{ group: "a", status: "parked", handled: 2, waiting: 2, poison: died }]);
  });

  it("goes on with a release that was cut short, with a message more and under the same id", async () => {
    await park("a", 2);
    await releasing(["a"], { stallMs: 0 });
    const ids = new Set<string>();

    const work = releasing(["a"]);
    await untilReleased(work, async (group, release) => {
      ids.add(release);
      await handle(group, release);
    });

    expect(await work).toEqual([{ group: "a", status: "released", handled: 2 }]);
    expect(ids.size).toBe(1);
  });

  it("begins nothing for a consumer that does not park, nor without its queue", async () => {
    await park("a", 2);
    const { parks: _, ...skipping } = consumer;

    await expect(releasing(["a"], { consumer: skipping })).rejects.toThrow(ReleaseError);
    await expect(releasing(["a"], { consumer: skipping })).rejects.toThrow(/does not park \(onPoison\)/);
    await expect(releasing(["a"], { consumer: { ...consumer, consumer: "Gone" } })).rejects.toThrow(
      "there is no queue of shop-Gone",
    );
    expect((await store.read(consumer.consumer, ["a"])).get("a")?.release).toBeUndefined();
  });

  it("says so when a marker changes each time that it is read", async () => {
    await park("a", 2);

    await expect(releasing(["a"], { store: { ...store, change: async () => false } })).rejects.toThrow(
      "group a changes each time",
    );
  });

  it("stops watching when it is told to, and tells how far it was", async () => {
    await park("a", 3);
    const stop = new AbortController();

    const work = releasing(["a"], { signal: stop.signal, onProgress: () => stop.abort() });

    expect(await work).toEqual([{ group: "a", status: "releasing", handled: 0, waiting: 3 }]);
  });
});

describe("listParked", () => {
  it("tells groups with what waits, since when and behind what, the longest parked first", async () => {
    await park("late", 2, 5_000);
    await park("early", 7, 1_000);
    await releasing(["early"], { stallMs: 0 });

    expect(await listParked(store, consumer)).toEqual({
      groups: [
        { group: "early", state: "releasing", waiting: 7, sinceMs: 1_000, poison: poison() },
        { group: "late", state: "parked", waiting: 2, sinceMs: 5_000, poison: poison() },
      ],
    });
  });

  it("finds none where there is no table or no order, and says what it may not look at", async () => {
    const failing = (name: string) => ({
      list: async () => {
        throw new ParkingError("parking-unavailable", `shop-parked did not answer (${name})`, {
          cause: Object.assign(new Error(name), { name }),
        });
      },
    });

    expect(await listParked(failing("ResourceNotFoundException"), consumer)).toEqual({ groups: [] });
    expect(await listParked(failing("x"), { ...consumer, fifo: false })).toEqual({ groups: [] });
    expect(await listParked(failing("AccessDeniedException"), consumer)).toEqual({
      problem: "shop-parked did not answer (AccessDeniedException)",
    });
  });
});

describe("dropHandled", () => {
  const group = { group: "a", state: "parked", waiting: 2, sinceMs: 0, poison: poison() } as const;
  const letter = async (id: string, lastAt: string) => {
    const body = JSON.stringify({
      ...{ specversion: "1.0", id, source: "/shop", type: "balance.moved", time: lastAt, data: {} },
      dataschema: "urn:omnibus:balance.moved:1",
    });
    const note = JSON.stringify({ v: 1, consumer: "Book", reason: "permanent", attempts: 1, lastAt });
    const { QueueUrl } = await queues.client.send(
      new GetQueueUrlCommand({ QueueName: `shop-${consumer.consumer}-dead.fifo` }),
    );
    await queues.client.send(
      new SendMessageCommand({
        ...{ QueueUrl, MessageBody: body, MessageGroupId: "a", MessageDeduplicationId: id + lastAt },
        MessageAttributes: { omnibus: { DataType: "String", StringValue: note } },
      }),
    );
  };
  const drop = (end: Parameters<typeof dropHandled>[0]["released"][number]) =>
    dropHandled({
      ...{ client: queues.client, consumer, before: [group], released: [end], waitSeconds: 0 },
      startedAtMs: Date.UTC(2026, 0, 2),
    });

  it("deletes the letter of a poison that was handled, and no other", async () => {
    await letter("e-1", "2026-01-01T00:00:00Z");
    await letter("e-2", "2026-01-01T00:00:00Z");

    expect(await drop({ group: "a", status: "released", handled: 2 })).toBe(1);
    expect(await drop({ group: "a", status: "released", handled: 2 })).toBe(0);
  });

  it("leaves it where the same poison died again, or may yet be handled, and a letter of a later death", async () => {
    await letter("e-1", "2026-01-03T00:00:00Z");
    const again = { group: "a", status: "parked", handled: 0, waiting: 2, poison: poison() } as const;

    expect(await drop(again)).toBe(0);
    expect(await drop({ group: "a", status: "releasing", handled: 0, waiting: 2 })).toBe(0);
    expect(await drop({ group: "a", status: "released", handled: 2 })).toBe(0);
    expect(await drop({ ...again, poison: poison({ key: "other" }) })).toBe(0);
  });
});
