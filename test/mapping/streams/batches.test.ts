import { describe, expect, it } from "@jest/globals";
import type { DynamoDBRecord } from "aws-lambda";
import { idOf, streamRig } from "../../helpers/stream-rig.ts";

describe("startStreamMapping", () => {
  it("hands records to the function in AWS's shape", async () => {
    const records: DynamoDBRecord[] = [];
    const rig = streamRig({
      handler: (batch) => {
        records.push(...batch);
        return { status: "ok", payload: "null" };
      },
    });
    rig.table.put({ id: "a", total: 1 });
    rig.table.put({ id: "a", total: 2 });
    rig.table.remove("a");

    const mapping = rig.start();
    await rig.clock.advance(100);

    expect(records).toEqual([
      {
        eventID: "event-1",
        eventName: "INSERT",
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: "us-east-1",
        dynamodb: {
          ApproximateCreationDateTime: 1_767_225_600,
          Keys: { id: "a" },
          NewImage: { id: "a", total: 1 },
          SequenceNumber: "000000000000000000001",
          SizeBytes: expect.any(Number),
          StreamViewType: "NEW_AND_OLD_IMAGES",
        },
        eventSourceARN: rig.spec.streamArn,
      },
      expect.objectContaining({ eventName: "MODIFY" }),
      expect.objectContaining({ eventName: "REMOVE" }),
    ]);
    expect(records[1]?.dynamodb).toMatchObject({ OldImage: { total: 1 }, NewImage: { total: 2 } });
    expect(records[2]?.dynamodb).not.toHaveProperty("NewImage");
    await mapping.stop();
  });

  it("gives all of it in order, one batch after the other, none larger than the batch size", async () => {
    const rig = streamRig({ spec: { batchSize: 7 }, pageRecords: 10 });
    rig.put(100);

    const mapping = rig.start();
    await rig.clock.advance(5_000);

    expect(rig.batches.flat()).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
    expect(Math.max(...rig.batches.map((batch) => batch.length))).toBe(7);
    expect(rig.peak).toBe(1);
    expect(mapping.stats()).toEqual({
      ...{ received: 100, filtered: 0, handled: 100, discarded: 0, throttled: 0, inFlight: 0 },
      invocations: rig.batches.length,
    });
    expect(mapping.caughtUp(rig.clock.nowMs() - 1_000)).toBe(true);
    await mapping.stop();
  });

  it("gives at once what is there without a window, and fills the batch within one", async () => {
    const atOnce = streamRig();
    const patient = streamRig({ spec: { windowMs: 5_000, batchSize: 3 } });
    for (const rig of [atOnce, patient]) rig.put(1);
    const mappings = [atOnce.start(), patient.start()];

    await Promise.all([atOnce.clock.advance(50), patient.clock.advance(4_900)]);
    expect([atOnce.batches, patient.batches]).toEqual([[["0"]], []]);
    patient.table.put({ id: "late" });
    await patient.clock.advance(1_500);
    expect(patient.batches).toEqual([["0"]]);
    patient.table.put({ id: "x" });
    patient.table.put({ id: "y" });
    await patient.clock.advance(1_500);

    expect(patient.batches).toEqual([["0"], ["late", "x", "y"]]);
    await Promise.all(mappings.map((mapping) => mapping.stop()));
  });

  it("closes a batch at 6 MB, and goes on with the next", async () => {
    const rig = streamRig({ spec: { windowMs: 10_000 } });
    rig.put(20, { text: "x".repeat(390_000) });

    const mapping = rig.start();
    await rig.clock.advance(30_000);

    expect(rig.batches.map((batch) => batch.length)).toEqual([16, 4]);
    expect(mapping.stats().handled).toBe(20);
    await mapping.stop();
  });

  it("passes over what no filter takes, and over nothing else", async () => {
    const rig = streamRig({
      spec: {
        filters: [
          '{"eventName":["INSERT"],"dynamodb":{"NewImage":{"state":["done"]}}}',
          '{"eventName":["REMOVE"]}',
        ],
      },
    });
    rig.table.put({ id: "a", state: "claimed" });
    rig.table.put({ id: "b", state: "done" });
    rig.table.put({ id: "a", state: "done" });
    rig.table.remove("a");

    const mapping = rig.start();
    await rig.clock.advance(100);

    expect(rig.batches.flat()).toEqual(["b", "a"]);
    expect(mapping.stats()).toMatchObject({ received: 4, filtered: 2, handled: 2 });
    await mapping.stop();
    await rig.start().stop();
    expect(rig.batches).toHaveLength(1);
  });

  it("goes beyond what is filtered out, so that it is not read again", async () => {
    const rig = streamRig({ spec: { filters: ['{"eventName":["REMOVE"]}'] }, pageRecords: 10 });
    rig.put(500);
    const first = rig.start();
    await rig.clock.advance(1_000);
    await first.stop();

    const second = rig.start();
    await rig.clock.advance(1_000);

    expect(first.stats().filtered).toBe(500);
    expect(second.stats().received).toBe(0);
    await second.stop();
  });

  it("handles several batches of a shard at once, each item's changes in order", async () => {
    const rig = streamRig({ spec: { parallelizationFactor: 4, batchSize: 5 }, runMs: 100 });
    const seen = new Map<string, number[]>();
    for (let version = 0; version < 10; version++) {
      for (let item = 0; item < 20; item++) rig.table.put({ id: `item-${item}`, version });
    }
    const mapping = rig.start(
      {},
      {
        functions: {
          async invoke(_name, payload) {
            const { Records } = JSON.parse(payload) as { Records: DynamoDBRecord[] };
            for (const record of Records) {
              const version = Number(record.dynamodb?.NewImage?.version);
              seen.set(idOf(record), [...(seen.get(idOf(record)) ?? []), version]);
            }
            rig.batches.push(Records.map(idOf));
            await new Promise<void>((done) => rig.clock.after(100, done));
            return { status: "ok", payload: "" };
          },
        },
      },
    );

    await rig.clock.advance(2_500);

    // One lane alone would need 4 s for the 40 batches.
    expect(mapping.stats().handled).toBe(200);
    expect(seen.size).toBe(20);
    for (const versions of seen.values()) expect(versions).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await mapping.stop();
  });

  it.each([
    [{ batchSize: 0 }, /batchSize 0: 1 to 10000/],
    [{ windowMs: 300_001 }, /windowMs 300001/],
    [{ parallelizationFactor: 11 }, /parallelizationFactor 11: 1 to 10/],
    [{ maximumRetryAttempts: 10_001 }, /maximumRetryAttempts 10001/],
    [{ maximumRecordAgeMs: 59_000 }, /maximumRecordAgeMs 59000: 60000 to/],
    [{ filters: ["{"] }, /is not JSON/],
  ])("refuses %j, as Lambda does", (spec, message) => {
    expect(() => streamRig().start(spec)).toThrow(message);
  });
});
