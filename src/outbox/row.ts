import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { WireMessage } from "../contract/index.ts";
import { isFifo, topicNamePattern } from "../names.ts";
import { linePlace, type Order, type OutboxTable, type Place, rowPlace } from "./places.ts";

export type Item = Record<string, AttributeValue>;

/** Format of the rows. Readers understand this one. `schema/outbox-row.schema.json` */
export const rowVersion = 1;

/** An event that waits to be published: what its writer has put beside its own data. */
export interface OutboxRow {
  readonly message: WireMessage;
  /** When it was made, by the writer's clock. */
  readonly createdMs: number;
  /** Where it stands among others of its key; nothing for one that has no order. */
  readonly order?: Order | undefined;
}

/** A row as it stands in the table: one that can be sent, or one of which nobody can make an event. */
export type StoredRow = { readonly place: Place } & (
  | ({ readonly status: "row" } & OutboxRow)
  /** What was wrong, the value, what is allowed. */
  | { readonly status: "broken"; readonly problem: string }
  /** Of a format that only a later version knows. */
  | { readonly status: "newer" }
);

/** Partition and sort key, as the table has them. */
export function keyOf({ prefix, partitionKey, sortKey }: OutboxTable, { partition, sort }: Place): Item {
  return { [partitionKey]: { S: prefix + partition }, [sortKey]: { S: sort } };
}

/** Where an item lies; `undefined` for one of the table that belongs to no outbox. */
export function placeOf({ prefix, partitionKey, sortKey }: OutboxTable, item: Item): Place | undefined {
  const partition = item[partitionKey]?.S;
  const sort = item[sortKey]?.S;
  if (partition === undefined || sort === undefined || !partition.startsWith(prefix)) return undefined;
  return { partition: partition.slice(prefix.length), sort };
}

/** Where a row lies. */
export function placeOfRow({ message, createdMs, order }: OutboxRow): Place {
  return order ? linePlace(order) : rowPlace(message, createdMs);
}

/** A row as an item. */
export function rowItem(table: OutboxTable, row: OutboxRow): Item {
  const { message, createdMs } = row;
  const { id, source, type, topic, body, attributes, groupId, deduplicationId } = message;
  return {
    ...keyOf(table, placeOfRow(row)),
    v: { N: String(rowVersion) },
    id: { S: id },
    source: { S: source },
    type: { S: type },
    topic: { S: topic },
    body: { S: body },
    // As text: a number of DynamoDB's would not come back as it was written.
    attributes: { S: JSON.stringify(attributes) },
    created: { N: String(createdMs) },
    ...(groupId === undefined ? {} : { group: { S: groupId } }),
    ...(deduplicationId === undefined ? {} : { deduplication: { S: deduplicationId } }),
  };
}

/** Reads a row at its place. Whatever stands there: it never throws. */
export function readRow(place: Place, item: Item): StoredRow {
  const version = item.v?.N;
  if (version !== undefined && Number(version) > rowVersion) return { place, status: "newer" };
  const broken = (problem: string): StoredRow => ({ place, status: "broken", problem });
  if (version !== String(rowVersion)) return broken(`v is ${version ?? "missing"}; ${rowVersion} is known`);
  const text = (name: string) => item[name]?.S;
  const [id, source, type, topic, body] = [
    text("id"),
    text("source"),
    text("type"),
    text("topic"),
    text("body"),
  ];
  if (!id || !source || !type || !topic || !body) {
    return broken("id, source, type, topic and body must be there, each a text (S) that is not empty");
  }
  if (!topicNamePattern.test(topic)) {
    return broken(
      `topic is ${JSON.stringify(topic.slice(0, 60))}; the topic's name without the bus is allowed`,
    );
  }
  const createdMs = Number(item.created?.N);
  if (!Number.isSafeInteger(createdMs)) return broken("created must be a whole number (N) of milliseconds");
  const attributes = attributesOf(text("attributes"));
  if (attributes === undefined) {
    return broken("attributes must be the JSON text (S) of an object of strings and numbers");
  }
  const groupId = text("group");
  const deduplicationId = text("deduplication");
  if (isFifo(topic) && (!groupId || !deduplicationId)) {
    return broken(`topic ${topic} is ordered: group and deduplication must be there`);
  }
  return {
    place,
    status: "row",
    message: {
      ...{ topic, id, source, type, body, attributes },
      ...(groupId === undefined ? {} : { groupId }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
    },
    createdMs,
  };
}

function attributesOf(text: string | undefined): WireMessage["attributes"] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const values: unknown[] = Object.values(value);
    const isPlain = values.every((one) => typeof one === "string" || typeof one === "number");
    return isPlain ? (value as WireMessage["attributes"]) : undefined;
  } catch {
    return undefined;
  }
}
