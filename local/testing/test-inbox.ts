import type { Inbox, SqsRecord } from "../../src/consume/index.ts";
import { type InMemoryQueue, recordJson } from "../mapping/index.ts";

const never = new AbortController().signal;

/** A consumer's own queue, on a queue in memory. */
export function inboxOver(queue: InMemoryQueue, queueArn: string): Inbox {
  return {
    waiting: async () => queue.counts().visible,
    async receive(max, hideSeconds) {
      const messages = await queue.receive({ max, waitMs: 0, signal: never });
      for (const { receiptHandle } of messages) queue.changeVisibility(receiptHandle, hideSeconds * 1_000);
      return messages.map((message) => JSON.parse(recordJson(message, queueArn)) as SqsRecord);
    },
    delete: (receiptHandles) => queue.delete(receiptHandles),
  };
}
