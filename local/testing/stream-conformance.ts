import { deepStrictEqual, ok, strictEqual } from "node:assert";
import type { StreamPort, StreamRecord } from "../mapping/index.ts";

/** Attributes as DynamoDB writes them; `id` is the key. */
export type StreamedItem = Readonly<Record<string, { readonly S: string }>>;

/** A table with a stream of both images, empty, to be checked. */
export interface StreamSubject {
  readonly stream: StreamPort;
  /** The same stream, as another process would see it. */
  again(): StreamPort;
  put(item: StreamedItem): Promise<void>;
  remove(id: string): Promise<void>;
}

/** One promise that every `StreamPort` keeps. `run` rejects when it does not. */
export interface StreamCheck {
  readonly name: string;
  run(subject: StreamSubject): Promise<void>;
}

/**
 * What a mapping relies on in a stream. Run each check on a table of its own.
 *
 * @example
 * for (const { name, run } of streamConformance) it(name, () => run(makeSubject()));
 */
export const streamConformance: readonly StreamCheck[] = [
  {
    name: "tells each change once and in order: its kind, its key, what was and what is",
    async run(subject) {
      await subject.put({ id: { S: "a" }, state: { S: "new" } });
      await subject.put({ id: { S: "a" }, state: { S: "old" } });
      await subject.put({ id: { S: "b" } });
      await subject.remove("a");

      const records = await readAll(subject.stream, "TRIM_HORIZON");

      deepStrictEqual(records.map(short), [
        ["INSERT", "a", undefined, "new"],
        ["MODIFY", "a", "new", "old"],
        ["INSERT", "b", undefined, undefined],
        ["REMOVE", "a", "old", undefined],
      ]);
      strictEqual(new Set(records.map(({ eventID }) => eventID)).size, 4);
      const numbers = records.map(({ dynamodb }) => BigInt(dynamodb.SequenceNumber));
      ok(numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0n)));
      for (const { dynamodb, awsRegion, eventVersion } of records) {
        ok(dynamodb.ApproximateCreationDateTime > 1_600_000_000);
        ok(dynamodb.ApproximateCreationDateTime < 10_000_000_000);
        ok(dynamodb.SizeBytes > 0);
        strictEqual(dynamodb.StreamViewType, "NEW_AND_OLD_IMAGES");
        ok(awsRegion && eventVersion);
      }
    },
  },
  {
    name: "says nothing of a write that changed nothing, and goes on behind it",
    async run(subject) {
      for (const state of ["new", "new", "new", "old"])
        await subject.put({ id: { S: "a" }, state: { S: state } });

      deepStrictEqual((await readAll(subject.stream, "TRIM_HORIZON")).map(short), [
        ["INSERT", "a", undefined, "new"],
        ["MODIFY", "a", "new", "old"],
      ]);
    },
  },
  {
    name: "begins behind the newest when asked to, and tells what comes then",
    async run(subject) {
      await subject.put({ id: { S: "before" } });
      const [shard] = await subject.stream.shards();
      const position = await subject.stream.position(shard?.shardId ?? "", "LATEST");
      const empty = await subject.stream.read(shard?.shardId ?? "", position);
      await subject.put({ id: { S: "after" } });

      const { records } = await subject.stream.read(shard?.shardId ?? "", empty.next ?? "");

      deepStrictEqual([empty.records, records.map(idOf)], [[], ["after"]]);
    },
  },
  {
    name: "goes on from page to page, over more records than a page has",
    async run(subject) {
      const ids = Array.from({ length: 450 }, (_, index) => `item-${index}`);
      for (const id of ids) await subject.put({ id: { S: id } });

      deepStrictEqual((await readAll(subject.stream, "TRIM_HORIZON")).map(idOf), ids);
    },
  },
  {
    name: "goes on behind any record, for anybody, as often as asked",
    async run(subject) {
      const ids = Array.from({ length: 20 }, (_, index) => `item-${index}`);
      for (const id of ids) await subject.put({ id: { S: id } });
      const [shard] = await subject.stream.shards();
      const { shardId = "" } = shard ?? {};
      const records = await readAll(subject.stream, "TRIM_HORIZON");

      for (const index of [9, 0, 15, 9]) {
        const position = subject.stream.positionAfter(records[index] as StreamRecord);
        const page = await subject.again().read(shardId, position);
        deepStrictEqual(page.records.map(idOf), ids.slice(index + 1));
      }
      const end = subject.stream.positionAfter(records.at(-1) as StreamRecord);
      deepStrictEqual((await subject.stream.read(shardId, end)).records, []);
    },
  },
  {
    name: "keeps a position for another process, also one with nothing behind it",
    async run(subject) {
      await subject.put({ id: { S: "before" } });
      const [shard] = await subject.stream.shards();
      const { shardId = "" } = shard ?? {};
      const kept = await subject.stream.position(shardId, "LATEST");
      await subject.put({ id: { S: "between" } });

      const { records, next } = await subject.again().read(shardId, kept);

      deepStrictEqual(records.map(idOf), ["between"]);
      await subject.put({ id: { S: "after" } });
      deepStrictEqual((await subject.again().read(shardId, next ?? "")).records.map(idOf), ["after"]);
    },
  },
  {
    name: "answers at once where there is nothing",
    async run(subject) {
      deepStrictEqual(await readAll(subject.stream, "TRIM_HORIZON"), []);
    },
  },
];

/** All records of all shards, until a page is empty. */
async function readAll(stream: StreamPort, start: "TRIM_HORIZON" | "LATEST"): Promise<StreamRecord[]> {
  const found: StreamRecord[] = [];
  for (const { shardId } of await stream.shards()) {
    for (let position: string | undefined = await stream.position(shardId, start); position !== undefined; ) {
      const page = await stream.read(shardId, position);
      found.push(...page.records);
      position = page.records.length > 0 ? page.next : undefined;
    }
  }
  return found;
}

const textOf = (item: StreamRecord["dynamodb"]["NewImage"], name: string) =>
  (item?.[name] as { S?: string } | undefined)?.S;

function idOf({ dynamodb }: StreamRecord): string | undefined {
  return textOf(dynamodb.Keys, "id");
}

function short(record: StreamRecord) {
  const { OldImage, NewImage } = record.dynamodb;
  return [record.eventName, idOf(record), textOf(OldImage, "state"), textOf(NewImage, "state")];
}
