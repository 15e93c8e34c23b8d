import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert";
import type { MessageToSend, QueueMessage, QueuePort } from "../mapping/index.ts";

/** A fresh, empty queue to be checked. */
export interface QueueSubject {
  readonly queue: QueuePort;
  /** Of the queue; keep it short where time is real. */
  readonly visibilityTimeoutMs: number;
  send(message: MessageToSend): Promise<void>;
  /** Waits for `work`; where time is virtual, moves it on until then. */
  settle<T>(work: Promise<T>): Promise<T>;
}

/** One promise that every `QueuePort` keeps. `run` rejects when it does not. */
export interface QueueCheck {
  readonly name: string;
  /** Whether the subject has to be an ordered queue. */
  readonly fifo: boolean;
  run(subject: QueueSubject): Promise<void>;
}

const never = new AbortController().signal;

/**
 * What a mapping relies on in a queue. Run each check on a queue of its own.
 *
 * @example
 * for (const check of queueConformance) it(check.name, () => check.run(makeSubject({ fifo: check.fifo })));
 */
export const queueConformance: readonly QueueCheck[] = [
  {
    name: "hands out a message with all that a record needs",
    fifo: false,
    async run(subject) {
      const messageAttributes = {
        type: { dataType: "String", stringValue: "order.created" },
        total: { dataType: "Number", stringValue: "12.5" },
        raw: { dataType: "Binary", binaryValue: "AQID" },
      };
      await subject.send({ body: '{"a":"ä"}', messageAttributes });

      const [message] = await receive(subject, 10);

      ok(message);
      ok(message.messageId);
      ok(message.receiptHandle);
      strictEqual(message.body, '{"a":"ä"}');
      strictEqual(message.md5OfBody, "9b270208369bdf2596b2c5abc12bbe19");
      deepStrictEqual(plain(message.messageAttributes), messageAttributes);
      strictEqual(message.attributes.ApproximateReceiveCount, "1");
      ok(Number(message.attributes.SentTimestamp) > 1_600_000_000_000);
      ok(Number(message.attributes.ApproximateFirstReceiveTimestamp) > 1_600_000_000_000);
    },
  },
  {
    name: "answers with nothing when the wait is over",
    fifo: false,
    async run(subject) {
      deepStrictEqual(await receive(subject, 10, 1_000), []);
      deepStrictEqual(await receive(subject, 10, 0), []);
    },
  },
  {
    name: "ends a wait when a message comes",
    fifo: false,
    async run(subject) {
      const waiting = subject.queue.receive({ max: 10, waitMs: 20_000, signal: never });
      await subject.send({ body: "late" });

      const messages = await subject.settle(waiting);

      deepStrictEqual(bodies(messages), ["late"]);
    },
  },
  {
    name: "hands out no more than asked for, and each message once",
    fifo: false,
    async run(subject) {
      for (const body of ["a", "b", "c"]) await subject.send({ body });

      const first = await receive(subject, 2);
      const second = await receive(subject, 2);

      strictEqual(first.length, 2);
      deepStrictEqual(bodies([...first, ...second]).sort(), ["a", "b", "c"]);
    },
  },
  {
    name: "hides what was received, and hands it out again after the visibility timeout",
    fifo: false,
    async run(subject) {
      await subject.send({ body: "again" });
      const [first] = await receive(subject, 10);

      const hidden = await receive(subject, 10, 0);
      const [second] = await receive(subject, 10, subject.visibilityTimeoutMs + 5_000);

      deepStrictEqual(hidden, []);
      strictEqual(second?.messageId, first?.messageId);
      strictEqual(second?.attributes.ApproximateReceiveCount, "2");
      notStrictEqual(second?.receiptHandle, first?.receiptHandle);
    },
  },
  {
    name: "deletes more than ten at once, for good",
    fifo: false,
    async run(subject) {
      for (let index = 0; index < 12; index++) await subject.send({ body: String(index) });
      const messages = [...(await receive(subject, 10)), ...(await receive(subject, 10))];

      await subject.settle(subject.queue.delete(messages.map((message) => message.receiptHandle)));

      strictEqual(messages.length, 12);
      deepStrictEqual(await receive(subject, 10, subject.visibilityTimeoutMs + 1_000), []);
    },
  },
  {
    name: "counts a message that is gone already as deleted",
    fifo: false,
    async run(subject) {
      await subject.send({ body: "once" });
      const [message] = await receive(subject, 10);
      const handles = [message?.receiptHandle ?? ""];

      await subject.settle(subject.queue.delete(handles));
      await subject.settle(subject.queue.delete(handles));
      await subject.settle(subject.queue.delete([]));
    },
  },
  {
    name: "ends an aborted wait at once, and loses nothing by it",
    fifo: false,
    async run(subject) {
      const stop = new AbortController();
      const waiting = subject.queue.receive({ max: 10, waitMs: 20_000, signal: stop.signal });
      stop.abort();

      deepStrictEqual(await waiting, []);
      deepStrictEqual(await subject.queue.receive({ max: 10, waitMs: 20_000, signal: stop.signal }), []);
      await subject.send({ body: "kept" });
      // The aborted poll may have taken it for a moment.
      deepStrictEqual(bodies(await receive(subject, 10, 20_000)), ["kept"]);
    },
  },
  {
    name: "keeps the order of a group, and holds it back while one of it is in flight",
    fifo: true,
    async run(subject) {
      for (const body of ["a1", "a2", "a3", "b1"]) {
        await subject.send({ body, groupId: body.slice(0, 1), deduplicationId: body });
      }
      const order: string[] = [];
      for (let messages = await receive(subject, 1); messages.length > 0; ) {
        const [message] = messages;
        ok(message);
        order.push(message.body);
        const others = await receive(subject, 10, 0);
        strictEqual(message.attributes.MessageGroupId, message.body.slice(0, 1));
        ok(
          others.every((other) => other.attributes.MessageGroupId !== message.attributes.MessageGroupId),
          `a message of group ${message.attributes.MessageGroupId} was handed out beside ${message.body}`,
        );
        order.push(...bodies(others));
        const handles = [message, ...others].map(({ receiptHandle }) => receiptHandle);
        await subject.settle(subject.queue.delete(handles));
        messages = await receive(subject, 1, 0);
      }

      deepStrictEqual(
        order.filter((body) => body.startsWith("a")),
        ["a1", "a2", "a3"],
      );
      ok(order.includes("b1"));
    },
  },
  {
    name: "hands out a group from where it failed",
    fifo: true,
    async run(subject) {
      for (const body of ["a1", "a2"]) await subject.send({ body, groupId: "a", deduplicationId: body });
      const first = await receive(subject, 1);

      const second = await receive(subject, 1, subject.visibilityTimeoutMs + 5_000);

      deepStrictEqual(bodies(first), ["a1"]);
      deepStrictEqual(bodies(second), ["a1"]);
    },
  },
];

function receive({ queue, settle }: QueueSubject, max: number, waitMs = 5_000) {
  return settle(queue.receive({ max, waitMs, signal: never }));
}

function bodies(messages: readonly QueueMessage[]): string[] {
  return messages.map((message) => message.body);
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
