import assert from "node:assert/strict";
import type { ConsumerQueues } from "../../src/consume/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** A world to try `ConsumerQueues` in. */
export interface QueuesWorld {
  readonly queues: ConsumerQueues;
  /** An empty queue. */
  readonly queueArn: string;
  /** Puts a message in, receives it, and gives its handle. */
  receiveOne(): Promise<string>;
  /** The messages that can be received right now: body and attributes, text only. */
  visible(): Promise<readonly { body: string; attributes: Record<string, string> }[]>;
}

/** What every `ConsumerQueues` must do. `make` gives a new world, each time with another queue. */
export function queuesConformance(make: () => Promise<QueuesWorld>): readonly ConformanceCheck[] {
  return [
    {
      name: "makes a message visible at once with a delay of 0",
      check: async () => {
        const world = await make();
        const receiptHandle = await world.receiveOne();

        await world.queues.delay(world.queueArn, [{ receiptHandle, delaySeconds: 0 }]);

        assert.equal((await world.visible()).length, 1);
      },
    },
    {
      name: "keeps a message away for its delay",
      check: async () => {
        const world = await make();
        const receiptHandle = await world.receiveOne();

        await world.queues.delay(world.queueArn, [{ receiptHandle, delaySeconds: 600 }]);

        assert.equal((await world.visible()).length, 0);
      },
    },
    {
      name: "does not throw over a handle that is no longer valid, or a queue that is not there",
      check: async () => {
        const world = await make();

        await world.queues.delay(world.queueArn, [{ receiptHandle: "gone", delaySeconds: 1 }]);
        await world.queues.delay(`${world.queueArn}-absent`, [{ receiptHandle: "gone", delaySeconds: 1 }]);
      },
    },
    {
      name: "copies dead letters with body and attributes as they are, more than one call takes",
      check: async () => {
        const world = await make();
        const letters = Array.from({ length: 23 }, (_, index) => ({
          body: `{"letter":${index},"text":"ünïcode"}`,
          attributes: {
            type: { dataType: "String", stringValue: "order.created" },
            cents: { dataType: "Number", stringValue: "1250" },
          },
        }));

        const taken = await world.queues.deadLetter(world.queueArn, letters);

        const arrived = await world.visible();
        assert.deepEqual(
          taken,
          letters.map(() => true),
        );
        assert.deepEqual(arrived.map(({ body }) => body).sort(), letters.map(({ body }) => body).sort());
        assert.deepEqual(arrived[0]?.attributes, { type: "order.created", cents: "1250" });
      },
    },
    {
      name: "sends messages to a queue, and tells of each whether it was taken",
      check: async () => {
        const world = await make();
        const message = { body: '{"omnibus":"release"}', attributes: {} };

        assert.deepEqual(await world.queues.send(world.queueArn, [message]), [true]);
        assert.deepEqual(await world.queues.send(`${world.queueArn}-absent`, [message]), [false]);

        assert.deepEqual(await world.visible(), [{ body: message.body, attributes: {} }]);
      },
    },
    {
      name: "takes letters that together are larger than one call may be",
      check: async () => {
        const world = await make();
        const letters = Array.from({ length: 4 }, () => ({ body: "x".repeat(400_000), attributes: {} }));

        assert.deepEqual(
          await world.queues.deadLetter(world.queueArn, letters),
          letters.map(() => true),
        );
      },
    },
    {
      name: "reports each letter that was not taken, and does not throw",
      check: async () => {
        const world = await make();

        const taken = await world.queues.deadLetter(`${world.queueArn}-absent`, [
          { body: "b", attributes: {} },
        ]);

        assert.deepEqual(taken, [false]);
      },
    },
  ];
}
