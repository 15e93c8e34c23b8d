import type { WireMessage } from "../contract/index.ts";
import type { SendResult, TopicPort } from "./ports.ts";

/** Topics in memory. Everything that was taken can be looked at; failures can be ordered. */
export interface InMemoryTopics extends TopicPort {
  /** What a topic took, in order. */
  taken(topicArn: string): readonly WireMessage[];
  /** Every call, in order, also those that failed. */
  readonly calls: readonly { readonly topicArn: string; readonly messages: readonly WireMessage[] }[];
}

/** How in-memory topics behave. */
export interface InMemoryTopicsOptions {
  /** The topics that exist; every topic unless told. A call to another one fails with `NotFoundException`. */
  readonly exist?: readonly string[];
  /** Called before each call; what it throws or rejects with fails the call as a whole. It may also delay it. */
  readonly onCall?: (topicArn: string, messages: readonly WireMessage[]) => void | Promise<void>;
  /** Called for each message; a failure that it answers is the message's result, which then is not taken. */
  readonly onMessage?: (message: WireMessage) => Extract<SendResult, { ok: false }> | undefined;
}

/** Makes topics in memory: for tests, and as the first rung of every suite. */
export function inMemoryTopics({ exist, onCall, onMessage }: InMemoryTopicsOptions = {}): InMemoryTopics {
  const taken = new Map<string, WireMessage[]>();
  const calls: { topicArn: string; messages: readonly WireMessage[] }[] = [];
  let ids = 0;

  return {
    calls,
    taken: (topicArn) => taken.get(topicArn) ?? [],
    async publishBatch(topicArn, messages) {
      calls.push({ topicArn, messages });
      await onCall?.(topicArn, messages);
      if (exist && !exist.includes(topicArn)) throw new NotFoundException(`topic ${topicArn} does not exist`);
      const topic = taken.get(topicArn) ?? [];
      taken.set(topicArn, topic);
      return messages.map((message): SendResult => {
        const failure = onMessage?.(message);
        if (failure) return failure;
        topic.push(message);
        return { ok: true, messageId: `message-${++ids}` };
      });
    },
  };
}

/** Named as SNS names it. */
class NotFoundException extends Error {
  override readonly name = "NotFoundException";
}
