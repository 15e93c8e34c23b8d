import type { SqsAttribute } from "./sqs-event.ts";

/** What the pipeline does to queues beside answering: late retries, and dead letters. */
export interface ConsumerQueues {
  /**
   * Makes messages visible again after their own delay (whole seconds, 0 to 43,200), in as few calls as can be.
   * Best effort: a message whose change failed comes back after the queue's own visibility timeout. Never throws.
   */
  delay(queueArn: string, entries: readonly DelayEntry[]): Promise<void>;
  /**
   * Puts copies into a dead-letter queue; answers for each, in order, whether the queue took it. At least once: a
   * copy whose answer was lost is there and is reported as not taken. Never throws.
   */
  deadLetter(queueArn: string, letters: readonly DeadLetter[]): Promise<readonly boolean[]>;
  /** Sends messages to a queue, under the same terms: a parked group's next release goes to the consumer's own. */
  send(queueArn: string, messages: readonly SentMessage[]): Promise<readonly boolean[]>;
}

export interface DelayEntry {
  readonly receiptHandle: string;
  readonly delaySeconds: number;
}

/** A message to be kept: the body as it came, with its attributes, and one of ours that says why it is here. */
export type DeadLetter = SentMessage;

export interface SentMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, SqsAttribute>>;
  /** As it came: its tenant on a standard queue (fair queues), what it is ordered by on a FIFO queue. */
  readonly groupId?: string;
  /** On FIFO queues. */
  readonly deduplicationId?: string;
}
