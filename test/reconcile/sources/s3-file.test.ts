import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EndpointProcess, startEndpoint } from "../../../local/cloud/endpoint/endpoint-process.ts";
import { sourceConformance } from "../../../local/testing/source-conformance.ts";
import { type Entry, fileSource, s3File, wholeSpan } from "../../../src/reconcile/index.ts";
import { objectFile } from "../../../src/reconcile/sources/object-file.ts";
import { inMemoryObjects, type ObjectStore, s3Objects } from "../../../src/segments/index.ts";
import { awsClients } from "../../helpers/aws-clients.ts";
import { book, hourMs, startMs } from "../books.ts";

const key = "statements/day.ndjson";
const linesOf = (entries: readonly Entry[]) =>
  Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
const day = wholeSpan(startMs, startMs + 24 * hourMs);

/** A statement as an object, read a thousand bytes at a time. */
function statement(store: ObjectStore) {
  const file = objectFile({ store, key, rangeBytes: 1_000 });
  return fileSource({ name: "statement", file, format: "ndjson", entryOf: (row) => row as Entry });
}

/** Objects that count what is read of them, and let something happen before any reading. */
function watched(before: (nth: number, store: ObjectStore) => Promise<unknown> = async () => {}) {
  const store = inMemoryObjects();
  const reads: number[] = [];
  const get: ObjectStore["get"] = async (name, range) => {
    await before(reads.push(range?.length ?? Number.POSITIVE_INFINITY), store);
    return store.get(name, range);
  };
  return { store, reads, asked: { ...store, get } };
}

describe("s3File", () => {
  const suite = sourceConformance(async (entries) => {
    const store = inMemoryObjects();
    await store.put(key, linesOf(entries));
    return statement(store);
  });
  for (const { name, check } of suite) it(name, check);

  it("reads near lines by one call", async () => {
    const { store, reads, asked } = watched();
    await store.put(key, linesOf(book(300)));
    const source = statement(asked);
    await source.digest([day]);
    reads.length = 0;

    const found = await source.lookup(["transfer-7", "transfer-250", "transfer-0"]);

    expect(found.map(([entry]) => entry?.key)).toEqual(["transfer-7", "transfer-250", "transfer-0"]);
    expect(reads).toHaveLength(2);
  });

  it("is read anew once another object has come", async () => {
    const { store, asked } = watched();
    await store.put(key, linesOf(book(30)));
    const source = statement(asked);
    const [before] = await source.digest([day]);

    await store.put(key, linesOf(book(20)));

    expect([before?.count, (await source.digest([day]))[0]?.count]).toEqual([30, 20]);
  });

  it.each([
    ["another one of the same length", 31, linesOf(book(31, 2))],
    ["a shorter one, that ends where it was read to", 30, Buffer.alloc(1_000, "\n")],
  ])("is refused when it is written anew while it is read: %s", async (_, count, other) => {
    const { store, asked } = watched(async (nth, objects) => nth === 3 && objects.put(key, other));
    await store.put(key, linesOf(book(count)));

    await expect(statement(asked).digest([day])).rejects.toThrow(
      `memory://${key} was written anew while it was read`,
    );
  });

  it("tells no line of one object from the place that it had in another", async () => {
    const later = { now: false };
    const { store, asked } = watched(
      async (_, objects) => later.now && objects.put(key, linesOf(book(30, 2))),
    );
    await store.put(key, linesOf(book(30)));
    const file = objectFile({ store: asked, key });
    const version = await file.version();
    for await (const chunk of file.stream(version)) expect(chunk.length).toBeGreaterThan(0);
    later.now = true;

    await expect(file.read([{ offset: 0, length: 10 }], version)).rejects.toThrow("was written anew");
  });

  it("says where nothing is", async () => {
    await expect(statement(inMemoryObjects()).digest([day])).rejects.toThrow(`memory://${key} is not there`);
  });
});

describe("s3File on the local endpoint", () => {
  const bucket = "statements";
  let endpoint: EndpointProcess;
  let clients: ReturnType<typeof awsClients>;
  beforeAll(async () => {
    endpoint = await startEndpoint(
      { port: 0, region: "us-east-1" },
      { answerLambda: async () => ({ status: 200, headers: {}, body: "{}" }), onExit: () => {} },
    );
    clients = awsClients(`http://127.0.0.1:${endpoint.port}`);
    await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(async () => {
    clients?.destroy();
    await endpoint?.stop();
  });

  it("is counted, listed and looked up, also where it is empty or ends with a range", async () => {
    const store = s3Objects({ bucket, client: clients.s3 });
    const text = linesOf(book(50));
    const wholeRanges = Buffer.concat([text, Buffer.alloc(1_000 - (text.length % 1_000), "\n")]);
    await store.put("day", text);
    const file = s3File({ bucket, key: "day", client: clients.s3 });
    const source = fileSource({ name: "day", file, format: "ndjson", entryOf: (row) => row as Entry });

    expect((await source.digest([day]))[0]?.count).toBe(50);
    expect((await source.entries(day)).entries).toHaveLength(50);
    expect((await source.lookup(["transfer-7"]))[0]).toEqual(
      book(50).filter((one) => one.key === "transfer-7"),
    );
    for (const [body, count] of [
      [wholeRanges, 50],
      [Buffer.alloc(0), 0],
    ] as const) {
      await store.put(key, body);
      expect((await statement(store).digest([day]))[0]?.count).toBe(count);
    }
  }, 60_000);
});
