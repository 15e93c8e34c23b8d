import type { ReplayQueue } from "./ports.ts";

/** A message as a queue in memory has taken it. */
export interface TakenMessage {
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<
    Record<
      string,
      { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }
    >
  >;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** A `ReplayQueue` in this process's memory: `onMessage` is told of each message, in the order of sending. */
export function inMemoryReplayQueue(onMessage: (queue: string, message: TakenMessage) => void): ReplayQueue {
  return {
    async send(queue, { json }) {
      for (const { Id: _, ...message } of JSON.parse(json.toString()) as (TakenMessage & { Id: string })[]) {
        onMessage(queue, message);
      }
      return [];
    },
  };
}
