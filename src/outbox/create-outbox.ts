import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock } from "../clock.ts";
import type { Contract } from "../contract/index.ts";
import { InvalidEventError, SettingsError } from "../errors.ts";
import { dynamodb, sns } from "../limits-of-aws.ts";
import { isFifo } from "../names.ts";
import { createSeal } from "../publish/index.ts";
import { defaultCalls } from "./default-calls.ts";
import { dynamoOutbox } from "./dynamo-outbox.ts";
import type { AddOptions, Outbox, OutboxEntry } from "./outbox.ts";
import { type OutboxAddress, outboxTable } from "./outbox-table.ts";
import { type Order, orderKeyPattern } from "./places.ts";
import type { OutboxRow } from "./row.ts";
import { rowWrites } from "./row-writes.ts";
import { sdkCalls } from "./sdk-calls.ts";

/** Room in an item for what stands beside the event's body. */
const otherBytes = 8 * 1024;

/** What an outbox is made with. Only `table` and `source` must be given. */
export interface OutboxOptions extends OutboxAddress {
  /** Who publishes: one name per publishing service, the same in every deployment. With an event's id its identity. */
  readonly source: string;
  /** The topics' `MaximumMessageSize`. @default 256 KiB, as AWS has it */
  readonly maxBytes?: number;
  /** What `lastSequence` asks by. @default signed calls or the AWS SDK, as the environment has keys */
  readonly client?: DynamoDBClient;
  /** @default the machine's own time and chance */
  readonly clock?: Clock;
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
  const { source, clock = systemClock, maxBytes = sns.defaultMessageBytes, client } = options;
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

  const rowOf = async (contract: Contract, data: unknown, given: AddOptions): Promise<OutboxRow> => {
    const { order: key, sequence, ...options } = given;
    const order = orderOf(contract, key, sequence);
    const isGrouped = isFifo(contract.topic) && key !== undefined;
    const { message } = await seal(contract, data, {
      ...(isGrouped ? { partitionkey: key } : {}),
      ...options,
    });
    return { message, createdMs: clock.nowMs(), order };
  };

  return {
    async add(contract, data, addOptions = {}) {
      return rowWrites(table, [await rowOf(contract, data, addOptions)]);
    },
    async addAll(entries: readonly OutboxEntry<Contract>[]): Promise<readonly TransactWriteItem[]> {
      const rows = await Promise.all(
        entries.map(({ contract, data, ...addOptions }) => rowOf(contract, data, addOptions)),
      );
      return rowWrites(table, rows);
    },
    lastSequence(key) {
      const calls = client ? sdkCalls({ client }) : defaultCalls();
      return dynamoOutbox({ table, clock, calls }).last(key);
    },
  };
}

/** The order that was asked for. Throws `InvalidEventError` for one that cannot be, and where there must be one. */
function orderOf(
  contract: Contract,
  key: string | undefined,
  sequence: number | undefined,
): Order | undefined {
  const refuse = (problem: string) => {
    throw new InvalidEventError("outbox-order", `${contract.type}: ${problem}; nothing was written`);
  };
  if (key === undefined || sequence === undefined) {
    if (key !== undefined || sequence !== undefined)
      refuse("order and sequence are given together, or neither");
    if (contract.topic && isFifo(contract.topic)) {
      refuse(
        `topic ${contract.topic} is ordered, and rows of an outbox go out in any order unless they have one: give order (the key) and sequence`,
      );
    }
    return undefined;
  }
  if (!orderKeyPattern.test(key)) {
    refuse(
      `order ${JSON.stringify(key.slice(0, 60))} is not allowed: 1 to 128 printable ASCII characters without spaces`,
    );
  }
  if (!Number.isSafeInteger(sequence) || sequence < 1) {
    refuse(`sequence ${sequence} is not allowed: 1 for the key's first event, then one more each time`);
  }
  return { key, sequence };
}
