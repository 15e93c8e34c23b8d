import type { Clock } from "../../../src/clock.ts";
import { sns } from "../../../src/limits-of-aws.ts";

/** A message as an ordered topic has taken it. */
export interface Taken {
  readonly messageId: string;
  /** 20 digits, growing with each message of this process and of later ones. */
  readonly sequenceNumber: string;
  /** It was taken before: answered with the first one's ids, and not delivered. */
  readonly isDuplicate: boolean;
}

/** What ordered topics remember of the messages that were published to them. */
export interface OrderedTopics {
  /** `scope` is within what a deduplication id counts: the topic, or one of its groups. */
  take(scope: string, deduplicationId: string, messageId: string): Taken;
}

/**
 * Numbers messages, and knows them again for five minutes, also where no queue would: a standard queue that subscribes
 * to an ordered topic does not deduplicate. (fifo-message-dedup) Memory alone: a restart forgets.
 */
export function createOrderedTopics(clock: Clock): OrderedTopics {
  const seen = new Map<string, Taken & { readonly untilMs: number }>();
  let last = 0n;
  const forget = (nowMs: number) => {
    for (const [key, { untilMs }] of seen) {
      if (untilMs > nowMs) return;
      seen.delete(key);
    }
  };
  return {
    take(scope, deduplicationId, messageId) {
      const nowMs = clock.nowMs();
      forget(nowMs);
      const key = `${scope}\n${deduplicationId}`;
      const before = seen.get(key);
      if (before !== undefined) return { ...before, isDuplicate: true };
      // From the clock, so that the next process goes on above it.
      const fromClock = BigInt(nowMs) * 100_000n;
      last = fromClock > last ? fromClock : last + 1n;
      const taken = { messageId, sequenceNumber: `10${String(last).padStart(18, "0")}`, isDuplicate: false };
      seen.set(key, { ...taken, untilMs: nowMs + sns.deduplicationMs });
      return taken;
    },
  };
}
