import assert from "node:assert/strict";
import type { EntryBatch, ReplayQueue, TakenMessage } from "../../src/replay/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** A queue that replays send to, and a look at what lies in it. */
export interface ReplayQueueSubject {
  readonly queue: ReplayQueue;
  /** The name of an empty queue. */
  readonly name: string;
  /** All that lies in it, and takes it out: of an ordered one in the order of each group, of another in any. */
  received(): Promise<readonly TakenMessage[]>;
}

/** What every `ReplayQueue` must do. `make` gives one with an empty queue, ordered or not. */
export function replayQueueConformance(
  make: (options: { readonly fifo: boolean }) => Promise<ReplayQueueSubject> | ReplayQueueSubject,
): readonly ConformanceCheck[] {
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });
  const bodies = (count: number) =>
    Array.from({ length: count }, (_, nth) => ({ MessageBody: `{"n":${nth}}` }));

  return [
    check("sends a body byte for byte, and attributes of both kinds", async () => {
      const { queue, name, received } = await make({ fifo: false });
      const message: TakenMessage = {
        MessageBody: '{"text":"Zoë \u2028 \\"x\\" \\u0001","MessageBody":"{}"}',
        MessageAttributes: {
          type: { DataType: "String", StringValue: "order.created" },
          land: { DataType: "String", StringValue: 'Ö "quoted"' },
          raw: { DataType: "Binary", BinaryValue: Buffer.from([0, 1, 2, 255]).toString("base64") },
        },
      };

      assert.deepEqual(await queue.send(name, batchOf([message])), []);
      assert.deepEqual(await received(), [message]);
    }),

    check("sends a whole batch, and nothing twice", async () => {
      const { queue, name, received } = await make({ fifo: false });

      assert.deepEqual(await queue.send(name, batchOf(bodies(10))), []);
      assert.deepEqual(sorted(await received()), sorted(bodies(10)));
    }),

    check("sends the same batch as often as it is told to", async () => {
      const { queue, name, received } = await make({ fifo: false });
      await queue.send(name, batchOf(bodies(2)));
      await queue.send(name, batchOf(bodies(2)));

      assert.equal((await received()).length, 4);
    }),

    check("keeps the order of each group, from batch to batch", async () => {
      const { queue, name, received } = await make({ fifo: true });
      const messages = Array.from({ length: 12 }, (_, nth) => ({
        MessageBody: `{"n":${String(nth).padStart(2, "0")}}`,
        MessageGroupId: `k-${nth % 3}`,
        MessageDeduplicationId: `d-${nth}`,
      }));
      await queue.send(name, batchOf(messages.slice(0, 7)));
      await queue.send(name, batchOf(messages.slice(7)));

      const found = await received();
      const ofGroup = (some: readonly TakenMessage[], group: string) =>
        some.filter(({ MessageGroupId }) => MessageGroupId === group).map(({ MessageBody }) => MessageBody);
      for (const group of ["k-0", "k-1", "k-2"]) {
        assert.deepEqual(ofGroup(found, group), ofGroup(messages, group));
      }
    }),
  ];
}

function batchOf(messages: readonly TakenMessage[]): EntryBatch {
  const entries = messages.map((message, nth) => ({ Id: String(nth), ...message }));
  return { count: entries.length, json: Buffer.from(JSON.stringify(entries)) };
}

function sorted(messages: readonly TakenMessage[]): readonly string[] {
  return messages.map(({ MessageBody }) => MessageBody).sort();
}
