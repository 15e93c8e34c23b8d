import type { SendAttribute } from "../../archive/index.ts";
import type { ConsumerSettings } from "../../env.ts";
import type { KnownConsumer } from "./known-consumer.ts";

/** What delivery reconciliation looks at of a bus, as it is now. */
export interface BusSight {
  /** The ARNs of the queues that a topic delivers to; of none where the topic is gone. */
  subscribers(topic: string): Promise<readonly string[]>;
  /**
   * A consumer's function: its settings (`undefined` where it has none, or none that this version can read), and when it was
   * last changed. `undefined`: there is no such function.
   */
  consumerFunction(
    consumer: string,
  ): Promise<{ readonly settings: ConsumerSettings | undefined; readonly changedMs: number } | undefined>;
  /** How many messages are in a queue, as far as SQS knows: up to a minute old. `undefined`: there is no such queue. */
  messages(queue: string): Promise<MessageCounts | undefined>;
}

export interface MessageCounts {
  /** Ready to be received. */
  readonly visible: number;
  /** Received, or delayed, and not deleted. */
  readonly hidden: number;
}

/** Puts messages into queues. */
export interface QueueSender {
  /**
   * Sends messages (at most 10, together no more than a message may be large), all of them or throws: then some may have been
   * sent.
   */
  send(queue: string, messages: readonly SentMessage[]): Promise<void>;
}

/** A message as SQS's SendMessage takes it. */
export interface SentMessage {
  readonly MessageBody: string;
  readonly MessageAttributes?: Readonly<Record<string, SendAttribute>>;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** What is remembered of the consumers of a bus between runs. */
export interface KnownConsumers {
  /** When the bus was first looked at: `nowMs` for whoever asks first, and the same for all who ask later. */
  beganMs(nowMs: number): Promise<number>;
  /** All consumers that were ever noted, in any order, each with its revision. Sees every write that was answered before. */
  list(): Promise<readonly { readonly known: KnownConsumer; readonly revision: number }[]>;
  /**
   * Writes one where nobody has written it since it was read: `revision` is that of what was read, 0 where there was none.
   * `false`: somebody has, nothing was written.
   */
  save(known: KnownConsumer, revision: number): Promise<boolean>;
}
