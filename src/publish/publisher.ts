import type { Contract, InputOf, WireMessage } from "../contract/index.ts";
import type { DelayOptions, DelayState } from "../delay/index.ts";
import type { SendResult } from "./ports.ts";

/** What may be said about one event beside its data. */
export interface PublishOptions {
  /** The event's id: with the source its identity. A UUIDv7 unless told; give one to publish the same event again. */
  readonly id?: string;
  /** What the event is about. */
  readonly subject?: string;
  /** Events with the same key keep their order on ordered topics; there it must be given. */
  readonly partitionkey?: string;
  /** The chain that this event belongs to; its own id unless told. */
  readonly correlationid?: string;
  /** The id of the event that caused this one. */
  readonly causationid?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  /** When it happened; now unless told. */
  readonly time?: Date;
  /** How many events stand between this one and the first of its chain. */
  readonly hop?: number;
}

/** An event that SNS has taken. */
export interface Published {
  readonly id: string;
  readonly source: string;
  /** SNS's own id of the message; of a delayed one the queue's. Not the event's identity: a retry may get another. */
  readonly messageId: string;
}

/** What became of a `publishAll` in which nothing failed. */
export interface PublishAllReport {
  readonly published: number;
}

/**
 * For `publishAll`: the same for every event, or made for each. What is shared cannot be an `id`: it would make all
 * of them the same event.
 */
export type PublishAllOptions<Data> =
  | Omit<PublishOptions, "id">
  | ((data: Data, index: number) => PublishOptions);

/**
 * Publishes events of one source to one bus.
 *
 * Events are batched, sent side by side and retried by themselves; a retry sends the same bytes. At least once: an
 * event whose answer was lost is sent again, and consumers know it by its identity. On ordered topics (`.fifo`)
 * events of one partition key arrive in the order of the calls: the next one leaves when the one before was taken,
 * and when one is given up, those already waiting behind it fail with `earlier-failed` and are not sent.
 */
export interface Publisher {
  /**
   * Publishes one event, and answers when SNS has taken it; to await it is back-pressure in itself.
   *
   * Throws `InvalidEventError` before anything is sent (unknown contract, invalid data, too large, too many
   * attributes), and `PublishError` when every try failed.
   *
   * With `at` or `afterMs` it is published later, by a bus that was made with `delay`: the answer comes when its queue has taken
   * it. Never early, as a rule some seconds late; at least once; in no order with others. A moment that has passed is now, one
   * that is more than 366 days off is refused (`InvalidEventError`, `delay`).
   */
  publish<C extends Contract>(
    contract: C,
    data: InputOf<C>,
    options?: PublishOptions & DelayOptions,
  ): Promise<Published>;
  /**
   * Keeps a delayed event from being published, and says what became of it: `cancelled` for good, or `sent`, when it was too late. The event of
   * that id need not have been published yet: it never will be. Rejects when the decision could not be written; ask again then.
   */
  cancel(id: string, options?: { readonly source?: string }): Promise<DelayState>;
  /**
   * Publishes any number of events of one contract, in bounded memory: the source is read only as far as there is
   * room. Answers when each event was taken or given up.
   *
   * An array is validated as a whole first: one bad event, and `InvalidEventError` is thrown with nothing sent.
   * Other sources cannot be read twice: there a bad event counts as failed, and the others go out. Throws
   * `PublishError`, whose `failed` names what was not published and whose `published` counts the rest; after
   * 1,000 failures, or when the source itself throws, no more is read.
   */
  publishAll<C extends Contract>(
    contract: C,
    data: Iterable<InputOf<C>> | AsyncIterable<InputOf<C>>,
    options?: PublishAllOptions<InputOf<C>>,
  ): Promise<PublishAllReport>;
  /**
   * Sends messages that are sealed already, with their bytes as they are: the same batching and retries, without
   * lingering. Answers one result per message, in their order, and never throws for a message. One that has a `dueMs` is handed
   * to the bus's delay queue, also when that has passed: whether it was cancelled meanwhile is decided behind it.
   */
  send(messages: readonly WireMessage[]): Promise<readonly SendResult[]>;
  /** Sends what waits, now; resolves when everything published before the call was taken or given up. */
  flush(): Promise<void>;
  /** Refuses what comes from now on, and flushes. A second call does the same. */
  close(): Promise<void>;
}
