import { isDeepStrictEqual } from "node:util";
import { type Clock, systemClock } from "../../../src/clock.ts";
import type { StreamPort, StreamRecord, StreamShard } from "./ports.ts";

type Item = Readonly<Record<string, unknown>>;

/** A table with a stream in memory, to be written to. Made by `inMemoryStream`. */
export interface InMemoryStream extends StreamPort {
  /** Writes an item by the `id` in it; one that changes nothing leaves no record, as in DynamoDB. */
  put(item: Item): void;
  remove(id: unknown): void;
  /** Closes the shard that is written to: what comes goes to a child of it. */
  split(): void;
}

/** What `inMemoryStream` takes. */
export interface InMemoryStreamOptions {
  readonly clock?: Clock;
  /** Records in one page. @default 100 */
  readonly pageRecords?: number;
}

interface KeptShard extends StreamShard {
  readonly records: StreamRecord[];
  isClosed: boolean;
}

/** A model of DynamoDB Streams, with both images. Kinder: it forgets nothing, and its shards do not close by themselves. */
export function inMemoryStream({
  clock = systemClock,
  pageRecords = 100,
}: InMemoryStreamOptions = {}): InMemoryStream {
  const items = new Map<string, Item>();
  const shards: KeptShard[] = [];
  let sequence = 0;

  const split = () => {
    const last = shards.at(-1);
    if (last) last.isClosed = true;
    const shardId = `shardId-${String(shards.length + 1).padStart(8, "0")}`;
    shards.push({ shardId, records: [], isClosed: false, ...(last ? { parentShardId: last.shardId } : {}) });
  };
  split();

  const write = (id: unknown, next: Item | undefined) => {
    const key = JSON.stringify(id);
    const before = items.get(key);
    if (isDeepStrictEqual(before, next)) return;
    if (next) items.set(key, next);
    else items.delete(key);
    const eventName = before === undefined ? "INSERT" : next === undefined ? "REMOVE" : "MODIFY";
    shards.at(-1)?.records.push({
      eventID: `event-${++sequence}`,
      eventName,
      eventVersion: "1.1",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(clock.nowMs() / 1_000),
        Keys: { id: id ?? null },
        ...(next ? { NewImage: next } : {}),
        ...(before ? { OldImage: before } : {}),
        SequenceNumber: String(sequence).padStart(21, "0"),
        SizeBytes: JSON.stringify([next, before]).length,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
  };

  return {
    put: (item) => write(item.id, item),
    remove: (id) => write(id, undefined),
    split,
    shards: async () => shards.map(({ records: _, isClosed: __, ...shard }) => shard),
    async position(shardId, start) {
      if (start === "TRIM_HORIZON") return "0";
      const last = shards.find((shard) => shard.shardId === shardId)?.records.at(-1);
      return last ? this.positionAfter(last) : "0";
    },
    positionAfter: ({ dynamodb }) => dynamodb.SequenceNumber,
    async read(shardId, position) {
      const shard = shards.find((one) => one.shardId === shardId);
      const records =
        shard?.records.filter(({ dynamodb }) => BigInt(dynamodb.SequenceNumber) > BigInt(position)) ?? [];
      const page = records.slice(0, pageRecords);
      const last = page.at(-1);
      const isEnd = shard?.isClosed === true && page.length === records.length;
      return { records: page, next: isEnd ? undefined : last ? this.positionAfter(last) : position };
    },
  };
}
