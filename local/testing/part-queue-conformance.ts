import assert from "node:assert/strict";
import type { PartMessage, PartQueue } from "../../src/reconcile/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** A queue for parts, and a look at what waits in it. */
export interface PartQueueSubject {
  readonly queue: PartQueue;
  /** All that was sent since the last look, in any order; each as often as it waits there. */
  waiting(): Promise<readonly PartMessage[]>;
}

/** What every `PartQueue` must do. `make` gives one with an empty queue. */
export function partQueueConformance(
  make: () => Promise<PartQueueSubject> | PartQueueSubject,
): readonly ConformanceCheck[] {
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, part): PartMessage => ({ v: 1, job: "banks", fan: "f", part }));

  return [
    check("sends each message, as it is", async () => {
      const { queue, waiting } = await make();
      const messages: PartMessage[] = [
        { v: 1, job: "banks", fan: "0192f3d1-7b1e-7c3a-9d55-aaaaaaaaaaaa", part: 0 },
        { v: 1, job: "banks" },
        { v: 1, job: "Zo\u00eb's", fan: "", part: 63 },
      ];

      await queue.send(messages);

      assert.deepEqual(sorted(await waiting()), sorted(messages));
    }),

    check("sends more than one call takes", async () => {
      const { queue, waiting } = await make();

      await queue.send(numbered(64));

      const found = new Set((await waiting()).map(({ part }) => part));
      assert.equal(found.size, 64);
    }),

    check("sends nothing of nothing", async () => {
      const { queue, waiting } = await make();

      await queue.send([]);

      assert.deepEqual(await waiting(), []);
    }),

    check("sends the same message as often as it is told to", async () => {
      const { queue, waiting } = await make();
      await queue.send(numbered(1));
      await queue.send(numbered(1));

      assert.equal((await waiting()).length, 2);
    }),
  ];
}

function sorted(messages: readonly PartMessage[]): readonly string[] {
  return messages.map((message) => JSON.stringify(message)).sort();
}
