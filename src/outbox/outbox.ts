import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Contract, InputOf } from "../contract/index.ts";
import type { PublishOptions } from "../publish/index.ts";

/** What may be said about one event of an outbox beside its data. */
export interface AddOptions extends PublishOptions {
  /**
   * The key whose events go out in order: an account, an aggregate. On ordered topics it must be given, and it is the partition key
   * unless that is given, too.
   */
  readonly order?: string;
  /**
   * Which of the key's events this is: 1 for the first, then one more than that of the one before. The writer's own version of
   * what it writes will do, if it grows by one with each event; `lastSequence` tells it otherwise.
   */
  readonly sequence?: number;
}

/** One event of several that are added together. */
export type OutboxEntry<C extends Contract> = AddOptions & {
  readonly contract: C;
  readonly data: InputOf<C>;
};

/** Writes events beside a caller's own data, in the caller's own transaction. */
export interface Outbox {
  /**
   * Makes an event, and answers the writes that put it into the outbox: for a `TransactWriteItems` that also holds the caller's
   * own data, so that both are written or neither. Nothing is sent or written by the call.
   *
   * The transaction may be tried again with the same writes: the event stays the same, and is written once. A relay publishes
   * it, at least once, with the same bytes each time; consumers know it by its identity.
   *
   * With `order` and `sequence` it goes out behind all others of its key. The transaction then fails when another one has given
   * the key that sequence, or the one before was not given: read again, and decide again.
   *
   * Throws `InvalidEventError` as `publish` does, and with `outbox-order` for an order that cannot be, or that is missing on an
   * ordered topic.
   *
   * @example
   * await dynamodb.send(
   *   new TransactWriteItemsCommand({
   *     TransactItems: [{ Put: { TableName: "orders", Item: order } }, ...(await outbox.add(orderCreated, data))],
   *   }),
   * );
   */
  add<C extends Contract>(
    contract: C,
    data: InputOf<C>,
    options?: AddOptions,
  ): Promise<readonly TransactWriteItem[]>;
  /**
   * The same for several events of one transaction. Those of one key must be added so: DynamoDB takes one step of a key's last
   * sequence in a transaction. Their sequences follow each other.
   */
  addAll<const All extends readonly Contract[]>(
    entries: {
      readonly [Index in keyof All]: OutboxEntry<All[Index]>;
    },
  ): Promise<readonly TransactWriteItem[]>;
  /** The last sequence that was given for a key, as of now; 0 where none was. Throws `OutboxError` when the table did not answer. */
  lastSequence(key: string): Promise<number>;
}
