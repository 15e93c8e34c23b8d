import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { createJsonClient, LocalCallError, type LocalEndpoint } from "../json-client.ts";
import type { StreamPort, StreamRecord, StreamShard } from "./ports.ts";

interface WireShard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}

interface WirePage {
  readonly Records: readonly StreamRecord[];
  readonly NextShardIterator?: string;
}

/** Small enough not to hold up an engine that does one thing at a time: it takes 18 µs a record. */
const pageRecords = 200;
/** Iterators that are kept for who reads on; the others are asked for anew. */
const keptIterators = 100;
const after = "after ";
const iterator = "iterator ";

/**
 * A stream behind a local endpoint of DynamoDB Streams. `streamArn` is the one that the endpoint gave out.
 *
 * A position is the last sequence number read, or, where nothing was read yet, the iterator that the stream gave. A
 * write that changed nothing leaves a record in some engines; where it can be seen, it is left out, as in DynamoDB.
 */
export function dynamodbStream({
  streamArn,
  ...endpoint
}: LocalEndpoint & { readonly streamArn: string }): StreamPort {
  const call = createJsonClient({ ...endpoint, service: "dynamodb", target: "DynamoDBStreams_20120810" });
  /** The iterators behind positions, by shard and position, the last used last. */
  const iterators = new Map<string, string>();

  const iteratorOf = async (shardId: string, start: object): Promise<string> => {
    const input = { StreamArn: streamArn, ShardId: shardId, ...start };
    return ((await call("GetShardIterator", input)) as { ShardIterator: string }).ShardIterator;
  };
  const oldest = (shardId: string) => iteratorOf(shardId, { ShardIteratorType: "TRIM_HORIZON" });
  const fromPosition = (shardId: string, position: string): Promise<string> => {
    if (position.startsWith(iterator)) return Promise.resolve(position.slice(iterator.length));
    if (!position.startsWith(after)) return oldest(shardId);
    const SequenceNumber = position.slice(after.length);
    return iteratorOf(shardId, { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber });
  };
  const getRecords = async (ShardIterator: string) =>
    (await call("GetRecords", { ShardIterator, Limit: pageRecords })) as WirePage;

  const page = async (shardId: string, position: string): Promise<WirePage> => {
    const kept = iterators.get(`${shardId} ${position}`);
    try {
      return await getRecords(kept ?? (await fromPosition(shardId, position)));
    } catch (error) {
      if (!isStale(error)) throw error;
      // An iterator lasts for minutes, a sequence number as long as its record; behind both there is what is left.
      if (kept === undefined) return getRecords(await oldest(shardId));
      iterators.delete(`${shardId} ${position}`);
      return page(shardId, position);
    }
  };

  const keep = (shardId: string, position: string, next: string) => {
    iterators.delete(`${shardId} ${position}`);
    iterators.set(`${shardId} ${position}`, next);
    if (iterators.size <= keptIterators) return;
    for (const key of iterators.keys()) return void iterators.delete(key);
  };

  const positionAfter = ({ dynamodb }: StreamRecord) => `${after}${dynamodb.SequenceNumber}`;
  const fromWire = (record: StreamRecord): StreamRecord => ({
    ...record,
    // An engine may count them within a table.
    eventID: createHash("md5").update(`${streamArn} ${record.dynamodb.SequenceNumber}`).digest("hex"),
    awsRegion: streamArn.split(":")[3] ?? "",
  });

  return {
    async shards() {
      const shards: StreamShard[] = [];
      for (let from: string | undefined, isFirst = true; isFirst || from !== undefined; isFirst = false) {
        const { StreamDescription } = (await call("DescribeStream", {
          StreamArn: streamArn,
          ...(from === undefined ? {} : { ExclusiveStartShardId: from }),
        })) as { StreamDescription: { Shards: readonly WireShard[]; LastEvaluatedShardId?: string } };
        for (const { ShardId, ParentShardId } of StreamDescription.Shards) {
          shards.push({ shardId: ShardId, ...(ParentShardId ? { parentShardId: ParentShardId } : {}) });
        }
        from = StreamDescription.LastEvaluatedShardId;
      }
      return shards;
    },
    position: async (shardId, start) =>
      start === "TRIM_HORIZON"
        ? start
        : `${iterator}${await iteratorOf(shardId, { ShardIteratorType: start })}`,
    positionAfter,
    async read(shardId, position) {
      for (let from = position; ; ) {
        const { Records, NextShardIterator } = await page(shardId, from);
        const records = Records.filter(hasChanged).map(fromWire);
        const last = Records.at(-1);
        if (NextShardIterator === undefined) return { records, next: undefined };
        const isToken = last === undefined && from.startsWith(iterator);
        const next = last ? positionAfter(last) : isToken ? `${iterator}${NextShardIterator}` : from;
        if (!isToken) keep(shardId, next, NextShardIterator);
        // Nothing to tell of, though more may follow.
        if (records.length > 0 || last === undefined) return { records, next };
        from = next;
      }
    },
  };
}

function hasChanged({ eventName, dynamodb: { NewImage, OldImage } }: StreamRecord): boolean {
  return eventName !== "MODIFY" || NewImage === undefined || !isDeepStrictEqual(NewImage, OldImage);
}

function isStale(error: unknown): boolean {
  return (
    error instanceof LocalCallError &&
    /^(ExpiredIterator|TrimmedDataAccess|Validation)Exception$/.test(error.code)
  );
}
