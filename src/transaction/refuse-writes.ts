import type { WireMessage } from "../contract/index.ts";
import { TransactionError } from "../errors.ts";
import { dynamodb } from "../limits-of-aws.ts";
import { itemSize } from "./item-size.ts";
import type { Item, Write } from "./ports.ts";
import { tableNameOf } from "./table-name.ts";

/** The kinds of writes that a transaction takes. */
const kinds = ["Put", "Update", "Delete", "ConditionCheck"] as const;

/** Whether it has the form of a write: one of the four, and nothing beside it. */
export function isWrite(value: unknown): value is Write {
  if (typeof value !== "object" || value === null) return false;
  const [kind, ...more] = Object.keys(value);
  return more.length === 0 && kinds.some((one) => one === kind);
}

/**
 * Throws `TransactionError` for writes that DynamoDB would never commit together, or that may not be: over 100 items, the
 * ledger's among them (`writes-too-many`), over 4 MB, what the event emits among them (`writes-too-large`), and
 * one to the ledger itself (`writes-ledger`).
 */
export function refuseWrites(
  writes: readonly Write[],
  { emits, ledger }: { readonly emits: readonly WireMessage[]; readonly ledger: string },
): void {
  const items = writes.length + 1;
  if (items > dynamodb.transactItems) {
    throw new TransactionError(
      "writes-too-many",
      `one event has ${writes.length} writes, which is ${items} items with the ledger's own; ${dynamodb.transactItems} are allowed in one transaction; write fewer, or emit an event for each part`,
    );
  }
  const bytes = writes.reduce(
    (all, write) => all + writeSize(write),
    Buffer.byteLength(JSON.stringify(emits)),
  );
  if (bytes > dynamodb.transactBytes) {
    throw new TransactionError(
      "writes-too-large",
      `the writes of one event, and what it emits, take ${bytes} bytes; ${dynamodb.transactBytes} are allowed in one transaction; write less, or references to data that is kept elsewhere`,
    );
  }
  for (const write of writes) {
    if (tableNameOf(contentOf(write).TableName) !== ledger) continue;
    throw new TransactionError(
      "writes-ledger",
      `a handler may not write to the ledger ${ledger}: it would change what counts as done; keep your items in a table of your own`,
    );
  }
}

/** What stands under `Put`, `Update`, `Delete` or `ConditionCheck`, as if it were one kind. */
export function contentOf(write: Write): {
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
  readonly Item?: Item | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
} {
  return write.Put ?? write.Update ?? write.Delete ?? write.ConditionCheck ?? {};
}

function writeSize(write: Write): number {
  const { Key = {}, Item = {}, ExpressionAttributeValues = {} } = contentOf(write);
  return itemSize(Key) + itemSize(Item) + itemSize(ExpressionAttributeValues);
}
