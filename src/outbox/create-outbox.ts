import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock } from "../clock.ts";
import type { Contract, InputOf } from "../contract/index.ts";
import { InvalidEventError, SettingsError } from "../errors.ts";
import { dynamodb, sns } from "../limits-of-aws.ts";
import { isFifo } from "../names.ts";
import { createSeal, type PublishOptions } from "../publish/index.ts";
import { type OutboxAddress, outboxTable } from "./outbox-table.ts";
import { rowWrites } from "./row-writes.ts";

/** Room in an item for what stands beside the event's body. */
const otherBytes = 8 * 1024;

/** What an outbox is made with. Only `table` and `source` must be given. */
export interface OutboxOptions extends OutboxAddress {
  /** Who publishes: one name per publishing service, the same in every deployment. With an event's id its identity. */
  readonly source: string;
  /** The topics' `MaximumMessageSize`. @default 256 KiB, as AWS has it */
  readonly maxBytes?: number;
  /** @default the machine's own time and chance */
  readonly clock?: Clock;
}

/** Writes events beside a caller's own data, in the caller's own transaction. */
export interface Outbox {
  /**
   * Makes an event, and answers the writes that put it into the outbox: for a `TransactWriteItems` that also holds the caller's
   * own data, so that both are written or neither. Nothing is sent or written by the call.
   *
   * The transaction may be tried again with the same writes: the event stays the same, and is written once. A relay publishes
   * it, at least once, with the same bytes each time; consumers know it by its identity.
   *
   * Throws `InvalidEventError` as `publish` does, and for an ordered topic: without an order in the outbox its events would
   * lose theirs.
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
    options?: PublishOptions,
  ): Promise<readonly TransactWriteItem[]>;
}

/**
 * Makes an outbox for one source. It costs nothing: no client, no connection.
 *
 * Throws `SettingsError` for an empty source, a table that cannot be, and a size that no item has room for.
 *
 * @example
 * const outbox = createOutbox({ table: "shop-outbox", source: "checkout" });
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { source, clock = systemClock, maxBytes = sns.defaultMessageBytes } = options;
  const table = outboxTable(options);
  if (source.trim() === "") {
    throw new SettingsError("source", 'source is empty: name the service that publishes, as in "checkout"');
  }
  const most = dynamodb.itemBytes - otherBytes;
  if (!(maxBytes >= sns.minMessageBytes && maxBytes <= most)) {
    throw new SettingsError(
      "outbox-option",
      `maxBytes is ${maxBytes}; ${sns.minMessageBytes} to ${most} are allowed: a row is one item, and DynamoDB's have 400 KB`,
    );
  }
  const seal = createSeal({ source, clock, maxBytes });

  return {
    async add(contract, data, publishOptions) {
      const { message } = await seal(contract, data, publishOptions);
      if (isFifo(message.topic)) {
        throw new InvalidEventError(
          "outbox-order",
          `event ${message.type} goes to the ordered topic ${message.topic}, and rows of an outbox have no order; publish it, or give its contract a topic without .fifo; nothing was written`,
        );
      }
      return rowWrites(table, { message, createdMs: clock.nowMs() });
    },
  };
}
