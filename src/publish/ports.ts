import type { WireMessage } from "../contract/index.ts";

/** What became of one entry of a batch. `retryable` says whether the same bytes may be sent again. */
export type SendResult =
  | { readonly ok: true; readonly messageId: string }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly retryable: boolean };

/** Where published events go. */
export interface TopicPort {
  /**
   * Hands up to 10 messages to one topic in one call. Answers one result per message, in the same order.
   *
   * At least once: a message whose result was lost may have been taken. Not atomic: some may fail while others
   * are taken. Throws when the call as a whole failed (no network, throttled, no such topic); whoever calls
   * decides about retries, the port makes none of its own. Bytes and attributes arrive as given.
   */
  publishBatch(topicArn: string, messages: readonly WireMessage[]): Promise<readonly SendResult[]>;
}
