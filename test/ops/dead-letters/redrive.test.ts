import {
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  lookAtDeadLetters,
  purgeDeadLetters,
  redriveDeadLetters,
  type Selection,
} from "../../../ops/dead-letters/index.ts";
import { systemClock } from "../../../src/clock.ts";
import { startQueues, type TestQueues } from "../../helpers/start-queues.ts";

let queues: TestQueues;
let runs = 0;
let consumer: { bus: string; consumer: string; fifo: boolean };
let names: { work: string; dead: string; undelivered: string };

beforeAll(async () => {
  queues = await startQueues();
});
afterAll(() => queues.stop());

/** A consumer of its own for each test. */
beforeEach(() => makeConsumer(false));

function makeConsumer(fifo: boolean) {
  const name = `Stock${runs++}`;
  consumer = { bus: "shop", consumer: name, fifo };
  const end = fifo ? ".fifo" : "";
  names = {
    work: `shop-${name}${end}`,
    dead: `shop-${name}-dead${end}`,
    undelivered: `shop-${name}-undelivered${end}`,
  };
  const attributes: Record<string, string> = fifo ? { FifoQueue: "true" } : {};
  for (const queue of Object.values(names)) queues.createQueue(queue, attributes);
}

const noteOf = (message: string) =>
  JSON.stringify({
    v: 1,
    consumer: "Stock",
    reason: "permanent",
    error: { name: "Error", message },
    attempts: 1,
  });
const bodyOf = (id: number) =>
  JSON.stringify({
    specversion: "1.0",
    id: `e-${id}`,
    source: "/shop",
    type: "order.created",
    time: "2026-11-22T10:00:00Z",
    dataschema: "urn:omnibus:order.created:1",
    data: { id },
  });
const bury = (from: number, to: number, message: (id: number) => string) => {
  for (let id = from; id < to; id++) queues.put(names.dead, bodyOf(id), noteOf(message(id)));
};
const options = () => ({ client: queues.client, consumer, waitSeconds: 0 });
const look = (selection: Selection = {}) => lookAtDeadLetters({ ...options(), selection });
const urlOf = async (QueueName: string) =>
  (await queues.client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;

/** All that is visible, received. */
async function receiveAll(queueName: string): Promise<Message[]> {
  const QueueUrl = await urlOf(queueName);
  const found: Message[] = [];
  for (;;) {
    const { Messages = [] } = await queues.client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) return found;
    found.push(...Messages);
  }
}

describe("lookAtDeadLetters", () => {
  it("groups both queues' letters by what they died of, and leaves all of them visible", async () => {
    bury(0, 30, (id) => `order ${id} is unknown`);
    bury(30, 42, () => "no stock");
    queues.put(names.dead, "moved by SQS");
    queues.put(names.undelivered, bodyOf(99));

    const found = await look();

    expect(found).toMatchObject({ selected: 44, seen: 44, unseen: 0, missing: [] });
    expect(
      found.groups.map(({ kind, type, reason, error, count }) => [kind, type, reason, error?.pattern, count]),
    ).toEqual([
      ["processing", "order.created", "permanent", "order <n> is unknown", 30],
      ["processing", "order.created", "permanent", "no stock", 12],
      ["processing", "unreadable", "receive-backstop", undefined, 1],
      ["undelivered", "order.created", "undelivered", undefined, 1],
    ]);
    expect(queues.count(names.dead)).toEqual({ visible: 43, invisible: 0 });
    expect(queues.count(names.undelivered)).toEqual({ visible: 1, invisible: 0 });
  });

  it("says how many somebody else hides, and which queues are not there", async () => {
    bury(0, 5, () => "x");
    await queues.client.send(
      new ReceiveMessageCommand({ QueueUrl: await urlOf(names.dead), MaxNumberOfMessages: 2 }),
    );

    expect(await look()).toMatchObject({ selected: 3, seen: 3, unseen: 2 });
    const gone = await lookAtDeadLetters({ ...options(), consumer: { ...consumer, consumer: "Gone" } });
    expect(gone).toMatchObject({ seen: 0, missing: ["shop-Gone-dead", "shop-Gone-undelivered"] });
  });
});

describe("redriveDeadLetters", () => {
  const redrive = async (selection: Selection, more: object = {}) =>
    redriveDeadLetters({ ...options(), selection, look: await look(selection), perSecond: 1_000, ...more });

  it("moves what is meant, byte for byte, and leaves the rest as it was", async () => {
    bury(0, 25, (id) => `order ${id} is unknown`);
    bury(25, 60, () => "no stock");
    const progress: number[] = [];

    const result = await redrive(
      { error: "no stock" },
      { onProgress: ({ moved }: { moved: number }) => progress.push(moved) },
    );

    expect(result).toEqual({ moved: 35, failed: 0, undeleted: 0, left: 0, unseen: 0, errors: [] });
    expect(progress.at(-1)).toBe(35);
    const sent = await receiveAll(names.work);
    expect(sent.map(({ Body }) => Body).sort()).toEqual(
      Array.from({ length: 35 }, (_, index) => bodyOf(25 + index)).sort(),
    );
    expect(sent.every(({ MessageAttributes }) => MessageAttributes?.omnibus === undefined)).toBe(true);
    expect(queues.count(names.dead)).toEqual({ visible: 25, invisible: 0 });
    expect((await look()).groups[0]).toMatchObject({ count: 25, reason: "permanent" });
  });

  it("takes both queues, and one where one is meant", async () => {
    bury(0, 3, () => "x");
    queues.put(names.undelivered, bodyOf(9));

    expect(await redrive({ kind: "undelivered" })).toMatchObject({ moved: 1 });
    expect(await redrive({})).toMatchObject({ moved: 3 });
    expect(queues.count(names.work).visible).toBe(4);
  });

  it("deletes nothing that was not taken: a run that ends between sending and deleting sends once more", async () => {
    bury(0, 20, () => "x");
    const found = await look();
    let deletes = 0;
    const cut = {
      ...queues.client,
      send: async (command: object) => {
        if (command instanceof DeleteMessageBatchCommand && deletes++ === 1) throw new Error("killed");
        return (queues.client.send as (command: object) => Promise<unknown>)(command);
      },
    } as unknown as TestQueues["client"];

    const first = await redriveDeadLetters({ ...options(), client: cut, look: found, perSecond: 1_000 });

    expect(first).toMatchObject({ moved: 10, undeleted: 10, left: 0 });
    expect(queues.count(names.dead)).toEqual({ visible: 10, invisible: 0 });
    expect(await redrive({})).toMatchObject({ moved: 10, left: 0 });
    const sent = await receiveAll(names.work);
    expect(sent).toHaveLength(30);
    expect(new Set(sent.map(({ Body }) => Body)).size).toBe(20);
  });

  it("keeps what is refused, tells why, and gives up when nothing is taken", async () => {
    bury(0, 100, () => "x");
    const refusing = {
      ...queues.client,
      send: async (command: object) => {
        if (command instanceof SendMessageBatchCommand) {
          const { Entries = [] } = command.input;
          return {
            Failed: Entries.map(({ Id }) => ({ Id, Code: "KmsDisabled", Message: "the key is off" })),
          };
        }
        return (queues.client.send as (command: object) => Promise<unknown>)(command);
      },
    } as unknown as TestQueues["client"];

    const result = await redriveDeadLetters({
      ...options(),
      client: refusing,
      look: await look(),
      perSecond: 1_000,
    });

    expect(result).toMatchObject({ moved: 0, errors: [{ message: "KmsDisabled: the key is off" }] });
    expect(result.failed).toBeGreaterThanOrEqual(30);
    expect(result.failed).toBeLessThan(100);
    expect(result.failed + result.left).toBe(100);
    expect(queues.count(names.dead)).toEqual({ visible: 100, invisible: 0 });
  });

  it("waits for what an earlier run still hides, and moves that as well", async () => {
    bury(0, 12, () => "x");
    // Killed: it has received, and neither sent nor deleted.
    await queues.client.send(
      new ReceiveMessageCommand({
        QueueUrl: await urlOf(names.dead),
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 1,
      }),
    );
    const found = await look();

    expect(found).toMatchObject({ selected: 2, unseen: 10 });
    expect(
      await redriveDeadLetters({ ...options(), look: found, perSecond: 1_000, holdSeconds: 5 }),
    ).toMatchObject({
      moved: 12,
      left: 0,
      unseen: 0,
    });
  }, 20_000);

  it("ends with an abort, tells what is left, and hides nothing any more", async () => {
    bury(0, 60, (id) => (id % 2 === 0 ? "x" : "y"));
    const controller = new AbortController();

    const result = await redrive(
      { error: "x" },
      { perSecond: 50, signal: controller.signal, onProgress: () => controller.abort() },
    );

    expect(result.moved).toBeGreaterThan(0);
    expect(result.left).toBe(30 - result.moved);
    expect(result.left).toBeGreaterThan(0);
    expect(queues.count(names.dead)).toEqual({ visible: 60 - result.moved, invisible: 0 });
  });

  it("leaves what has died since it began", async () => {
    bury(0, 5, () => "x");
    const found = await look();
    const dies = {
      ...queues.client,
      send: async (command: object) => {
        // Each one dies again at once.
        if (command instanceof SendMessageBatchCommand) {
          for (const { MessageBody = "" } of command.input.Entries ?? [])
            queues.put(names.dead, MessageBody, noteOf("x"));
        }
        return (queues.client.send as (command: object) => Promise<unknown>)(command);
      },
    } as unknown as TestQueues["client"];
    // Stands still, so that what dies later is later.
    const startedAtMs = systemClock.nowMs();
    const clock = { ...systemClock, nowMs: () => startedAtMs };

    const result = await redriveDeadLetters({
      ...options(),
      client: dies,
      look: { ...found, places: found.places.map((place) => ({ ...place, unseen: 1 })) },
      perSecond: 1_000,
      clock,
    });

    expect(result.moved).toBe(5);
    expect(queues.count(names.dead)).toEqual({ visible: 5, invisible: 0 });
  });

  it("keeps each group of an ordered queue in its order", async () => {
    makeConsumer(true);
    const QueueUrl = await urlOf(names.dead);
    for (let id = 0; id < 24; id++) {
      await queues.client.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: `${id % 4} ${id}`,
          MessageGroupId: `g-${id % 4}`,
          MessageDeduplicationId: `d-${id}`,
        }),
      );
    }

    const result = await redrive({});

    expect(result).toMatchObject({ moved: 24, failed: 0 });
    const order = new Map<string, number[]>();
    for (;;) {
      const { Messages = [] } = await queues.client.send(
        new ReceiveMessageCommand({
          QueueUrl: await urlOf(names.work),
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ["All"],
        }),
      );
      if (Messages.length === 0) break;
      for (const { Body = "", Attributes, ReceiptHandle } of Messages) {
        const [group = "", id] = Body.split(" ");
        expect(Attributes?.MessageGroupId).toBe(`g-${group}`);
        order.set(group, [...(order.get(group) ?? []), Number(id)]);
        await queues.client.send(
          new DeleteMessageBatchCommand({
            QueueUrl: await urlOf(names.work),
            Entries: [{ Id: "0", ReceiptHandle }],
          }),
        );
      }
    }
    expect([...order.values()].flat()).toHaveLength(24);
    for (const ids of order.values()) expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it.each([0, -1, 0.01, 1_001, Number.NaN])("refuses a rate of %d", async (perSecond) => {
    await expect(redrive({}, { perSecond })).rejects.toThrow(/0.1 to 1000 are allowed/);
  });

  it("says that the consumer's queue is gone", async () => {
    queues.createQueue("shop-Lost-dead");
    queues.put("shop-Lost-dead", "x");
    const lost = { ...options(), consumer: { bus: "shop", consumer: "Lost", fifo: false } };

    await expect(redriveDeadLetters({ ...lost, look: await lookAtDeadLetters(lost) })).rejects.toThrow(
      "there is no queue shop-Lost to send dead letters to",
    );
  });
});

describe("purgeDeadLetters", () => {
  it("deletes what is meant and nothing else, and sends nothing", async () => {
    bury(0, 15, () => "a");
    bury(15, 40, () => "b");
    const selection = { error: "b" };

    const result = await purgeDeadLetters({ ...options(), selection, look: await look(selection) });

    expect(result).toMatchObject({ moved: 25, failed: 0, left: 0 });
    expect(queues.count(names.dead)).toEqual({ visible: 15, invisible: 0 });
    expect(queues.count(names.work)).toEqual({ visible: 0, invisible: 0 });
  });
});
