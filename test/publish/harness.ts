import { virtualClock } from "../../local/testing/virtual-clock.ts";
import type { WireMessage } from "../../src/contract/index.ts";
import { type InMemoryTopicsOptions, inMemoryTopics } from "../../src/publish/in-memory-topics.ts";
import type { SendResult } from "../../src/publish/ports.ts";
import { measure } from "../../src/publish/refuse-message.ts";
import { createSender, type SenderOptions } from "../../src/publish/sender.ts";

/** A sealed message; `size` is the length of its body. */
export function wire(id: string, { topic = "orders", group, size = 20 }: WireParts = {}): WireMessage {
  const body = JSON.stringify({ id }).padEnd(size);
  return {
    topic,
    id,
    source: "test",
    type: "order.created",
    body,
    attributes: { type: "order.created" },
    ...(group === undefined ? {} : { groupId: group, deduplicationId: `test ${id}` }),
  };
}

export interface WireParts {
  readonly topic?: string;
  readonly group?: string;
  readonly size?: number;
}

/** A failure of one entry. */
export const refused = (code: string, retryable: boolean) =>
  ({ ok: false, code, message: `${code} happened`, retryable }) as const;

/** A sender over in-memory topics and a virtual clock, which notes every end it reports. */
export function senderOn(
  topicsOptions: InMemoryTopicsOptions = {},
  senderOptions: Partial<SenderOptions> = {},
  seed = 1,
) {
  const clock = virtualClock({ seed });
  const topics = inMemoryTopics(topicsOptions);
  const ends: { id: string; result: SendResult }[] = [];
  const sender = createSender({
    topics,
    arnOf: (topic) => topic,
    clock,
    maxBytes: 256 * 1024,
    lingerMs: 5,
    sideBySide: 8,
    maxWaiting: 1_000,
    maxWaitingBytes: 2 ** 24,
    attempts: 6,
    onSettled: () => {},
    onBatch: () => {},
    ...senderOptions,
  });
  const add = (...messages: WireMessage[]) => {
    for (const message of messages) {
      sender.add(measure(message, 2 ** 20), ({ id }, result) => ends.push({ id, result }));
    }
  };
  /** The ids of each call, in order. */
  const calls = () => topics.calls.map((call) => call.messages.map((message) => message.id));
  const endOf = (id: string) => ends.filter((end) => end.id === id).map((end) => end.result);
  return { clock, topics, sender, add, ends, endOf, calls };
}

/** A promise that is kept from outside. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

export const ids = (count: number, prefix = "e") =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
