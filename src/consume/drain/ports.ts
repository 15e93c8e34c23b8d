import type { SqsRecord } from "../sqs-event.ts";

/** A consumer's own queue, where no mapping reads it. */
export interface Inbox {
  /** About how many messages can be received now. Throws when the queue did not answer. */
  waiting(): Promise<number>;
  /**
   * Up to `max` messages (≤ 10), as Lambda would hand them over; nobody else receives them for `hideSeconds`. None where
   * none can be received now. Throws when the queue did not answer.
   */
  receive(max: number, hideSeconds: number): Promise<readonly SqsRecord[]>;
  /** Deletes messages. Best effort: one that stays comes again, and the ledger knows it then. Never throws. */
  delete(receiptHandles: readonly string[]): Promise<void>;
}
