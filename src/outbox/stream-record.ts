import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { outboxKeys } from "../names.ts";
import { type OutboxTable, orderAt } from "./places.ts";
import { placeOf, readRow, type StoredRow } from "./row.ts";

/** What the relay reads of a record of its table's stream (with new images). */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?: {
    readonly SequenceNumber?: string | undefined;
    /** As Lambda has it: DynamoDB's own JSON. */
    readonly NewImage?: Readonly<Record<string, unknown>> | undefined;
  };
}

/** The row that a record tells of; `undefined` for all that is no new row: removals, the dead, leases, a user's own items. */
export function rowOf(table: OutboxTable, { eventName, dynamodb }: StreamRecord): StoredRow | undefined {
  const image = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
  const place = image && placeOf(table, image);
  if (eventName !== "INSERT" || !place || !place.partition.startsWith(outboxKeys.row)) return undefined;
  return readRow(place, image);
}

/** The key of an ordered row that a record tells of; `undefined` for all else. */
export function keyOfLine(table: OutboxTable, { eventName, dynamodb }: StreamRecord): string | undefined {
  const image = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
  const place = image && placeOf(table, image);
  return eventName === "INSERT" && place ? orderAt(place)?.key : undefined;
}
