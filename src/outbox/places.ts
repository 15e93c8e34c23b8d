import { hash } from "node:crypto";
import { identityOf } from "../contract/index.ts";
import { outboxKeys } from "../names.ts";

/** Rows are spread over so many partitions. Writers in any language count on it: it never changes. */
export const outboxShards = 32;

/** A table that holds an outbox: one of its own, or one that holds other things as well. */
export interface OutboxTable {
  readonly table: string;
  /** What the partition keys of its items begin with; empty in a table of its own. */
  readonly prefix: string;
  /** The names of the table's two keys, both strings. */
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Partition and sort key of an item, without the table's prefix. */
export interface Place {
  readonly partition: string;
  readonly sort: string;
}

/** A shard as it is written: two digits. */
export function shardText(shard: number): string {
  return String(shard).padStart(2, "0");
}

/** Every shard there is. */
export const allShards: readonly number[] = Array.from({ length: outboxShards }, (_, shard) => shard);

/** Where a row lies: in its shard by the time at which it was made. */
export function rowPlace(event: { readonly source: string; readonly id: string }, createdMs: number): Place {
  const digest = digestOf(identityOf(event));
  return { partition: outboxKeys.row + shardOf(digest), sort: rowSort(createdMs, digest) };
}

/** Where a row is put that cannot be sent: as it lay, among the dead. */
export function deadPlace({ partition, sort }: Place): Place {
  return { partition: outboxKeys.dead + partition.slice(partition.indexOf("#") + 1), sort };
}

/** Where a dead row lay while it waited. */
export function livingPlace({ partition, sort }: Place): Place {
  return { partition: outboxKeys.row + partition.slice(outboxKeys.dead.length), sort };
}

/** What rows may be ordered by: what an ordered topic takes as a group. No space is in it. */
export const orderKeyPattern = /^[!-~]{1,128}$/;

/** Which of a key's rows it is. */
export interface Order {
  readonly key: string;
  /** 1 for the first, and one more than that of the row before. */
  readonly sequence: number;
}

/** Where an ordered row lies: in its key's shard, beside the others of its key, by sequence. */
export function linePlace({ key, sequence }: Order): Place {
  return { partition: linePartition(key), sort: `${key} ${sequenceText(sequence)}` };
}

/** The partition of a key's rows. */
export function linePartition(key: string): string {
  return outboxKeys.line + shardOf(digestOf(key));
}

/** Which of a key's rows lies there; `undefined` at every other place. */
export function orderAt({ partition, sort }: Place): Order | undefined {
  const [key = "", digits = ""] = sort.split(" ");
  const sequence = Number(digits);
  const isOrder = orderKeyPattern.test(key) && Number.isSafeInteger(sequence);
  if (!isOrder || partition !== linePartition(key) || sort !== `${key} ${sequenceText(sequence)}`)
    return undefined;
  return { key, sequence };
}

/** Where the last sequence stands that was given for a key. */
export function lastPlace(key: string): Place {
  return { partition: outboxKeys.last + key, sort: "last" };
}

/** Where it stands how far a key is out. */
export function headPlace(key: string): Place {
  return { partition: outboxKeys.head + key, sort: "head" };
}

/** Where it stands who sweeps a shard. */
export function sweepPlace(shard: number): Place {
  return { partition: outboxKeys.sweep + shardText(shard), sort: "sweep" };
}

/** A time as sort keys begin with it. */
export function timeSort(ms: number): string {
  return new Date(ms).toISOString();
}

function rowSort(createdMs: number, digest: string): string {
  return `${timeSort(createdMs)} ${digest.slice(0, 32)}`;
}

function sequenceText(sequence: number): string {
  return String(sequence).padStart(16, "0");
}

function digestOf(text: string): string {
  return hash("sha256", text, "hex");
}

function shardOf(digest: string): string {
  return shardText(Number.parseInt(digest.slice(0, 2), 16) % outboxShards);
}
