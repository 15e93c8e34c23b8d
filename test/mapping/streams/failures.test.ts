import { describe, expect, it } from "@jest/globals";
import type { InvokeResult } from "../../../local/mapping/index.ts";
import { idOf, type StreamHandler, sequenceOf, streamRig } from "../../helpers/stream-rig.ts";

const success: InvokeResult = { status: "ok", payload: "null" };
const thrown: InvokeResult = { status: "error", kind: "thrown", payload: "{}" };
const failing = (...ids: (string | null)[]): InvokeResult => ({
  status: "ok",
  payload: JSON.stringify({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }),
});
/** Throws for batches that hold the item. */
const poison =
  (id: string): StreamHandler =>
  (records) =>
    records.some((record) => idOf(record) === id) ? thrown : success;
/** Names the item, as a function does that reports what failed. */
const reporting =
  (...ids: string[]): StreamHandler =>
  (records) =>
    failing(...records.filter((record) => ids.includes(idOf(record))).map(sequenceOf));
const onFailureArn = "arn:aws:sqs:eu-west-1:123456789012:discarded";

describe("a batch that fails", () => {
  it.each([
    ["throws", thrown],
    ["ends its process", { status: "error", kind: "exit", payload: "{}" } as const],
    ["names a record by an empty id", failing("")],
    ["names a record without its id", failing(null)],
    ["names a record that is not in the batch", failing("unknown")],
    ["answers with something else than JSON", { status: "ok", payload: "undefined" } as const],
  ])("holds the shard, and is tried again and again, when the function %s", async (_, result) => {
    let calls = 0;
    const rig = streamRig({ spec: { batchSize: 2 }, handler: () => (++calls < 4 ? result : success) });
    rig.put(4);

    const mapping = rig.start();
    await rig.clock.advance(60_000);

    expect(rig.batches).toEqual([
      ["0", "1"],
      ["0", "1"],
      ["0", "1"],
      ["0", "1"],
      ["2", "3"],
    ]);
    expect(mapping.stats()).toMatchObject({ handled: 4, discarded: 0, invocations: 5 });
    await mapping.stop();
  });

  it.each(["null", "", "{}", '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])(
    "is none when the function answers %j",
    async (payload) => {
      const rig = streamRig({ handler: () => ({ status: "ok", payload }) });
      rig.put(3);

      const mapping = rig.start();
      await rig.clock.advance(60_000);

      expect(rig.batches).toHaveLength(1);
      await mapping.stop();
    },
  );

  it("does not read the answer when partial answers are off", async () => {
    const rig = streamRig({ spec: { reportBatchItemFailures: false }, handler: reporting("0", "1") });
    rig.put(3);

    const mapping = rig.start();
    await rig.clock.advance(60_000);

    expect(mapping.stats()).toMatchObject({ handled: 3, invocations: 1 });
    await mapping.stop();
  });

  it("waits longer each time, up to a minute", async () => {
    const rig = streamRig({ handler: () => thrown });
    rig.put(1);
    const mapping = rig.start();

    await rig.clock.advance(60_000);
    const early = rig.batches.length;
    await rig.clock.advance(1_200_000);
    const late = rig.batches.length - early;

    expect(early).toBeGreaterThanOrEqual(6);
    expect(early).toBeLessThan(14);
    expect(late).toBeGreaterThanOrEqual(20);
    expect(late).toBeLessThanOrEqual(42);
    await mapping.stop();
  });

  it("is tried from the first failed record on; what stands before it does not come again", async () => {
    let calls = 0;
    const rig = streamRig({ handler: (records) => (++calls === 1 ? reporting("3", "6")(records) : success) });
    rig.put(8);

    const mapping = rig.start();
    await rig.clock.advance(10_000);

    expect(rig.batches).toEqual([
      ["0", "1", "2", "3", "4", "5", "6", "7"],
      ["3", "4", "5", "6", "7"],
    ]);
    expect(mapping.stats()).toMatchObject({ handled: 8, invocations: 2 });
    await mapping.stop();
  });

  it("goes to the destination after its last retry, and lets the next one pass", async () => {
    const rig = streamRig({
      spec: { batchSize: 3, maximumRetryAttempts: 2, onFailureArn },
      handler: poison("1"),
    });
    rig.put(6);

    const mapping = rig.start();
    await rig.clock.advance(60_000);

    expect(rig.batches.map((batch) => batch.join(""))).toEqual(["012", "012", "012", "345"]);
    expect(mapping.stats()).toMatchObject({ handled: 3, discarded: 3, inFlight: 0 });
    expect(rig.told).toEqual([
      {
        arn: onFailureArn,
        requestContext: {
          requestId: expect.any(String),
          functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:journal",
          condition: "RetryAttemptsExhausted",
          approximateInvokeCount: 3,
        },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
        version: "1.0",
        timestamp: expect.stringMatching(/^2026-01-01T00:00:/),
        DDBStreamBatchInfo: {
          shardId: "shardId-00000001",
          startSequenceNumber: "000000000000000000001",
          endSequenceNumber: "000000000000000000003",
          approximateArrivalOfFirstRecord: "2026-01-01T00:00:00Z",
          approximateArrivalOfLastRecord: "2026-01-01T00:00:00Z",
          batchSize: 3,
          streamArn: rig.spec.streamArn,
        },
      },
    ]);
    await mapping.stop();
  });

  it("is given up without a retry where none is allowed, and without a word where there is no destination", async () => {
    const rig = streamRig({ spec: { maximumRetryAttempts: 0 }, handler: () => thrown });
    rig.put(2);

    const mapping = rig.start();
    await rig.clock.advance(10_000);

    expect(rig.batches).toHaveLength(1);
    expect(rig.events).toContainEqual({ type: "discarded", records: 2, condition: "RetryAttemptsExhausted" });
    expect(rig.told).toEqual([]);
    await mapping.stop();
  });

  it("is cut until the one to blame is alone, when it may be bisected", async () => {
    const rig = streamRig({
      spec: { bisectBatchOnFunctionError: true, maximumRetryAttempts: 1, onFailureArn },
      handler: poison("5"),
    });
    rig.put(8);

    const mapping = rig.start();
    await rig.clock.advance(60_000);

    expect(rig.batches.map((batch) => batch.join(""))).toEqual([
      ...["01234567", "0123", "4567", "45", "4", "5", "5", "67"],
    ]);
    expect(mapping.stats()).toMatchObject({ handled: 7, discarded: 1 });
    expect(rig.told.map(({ DDBStreamBatchInfo: info }) => (info as { batchSize: number }).batchSize)).toEqual(
      [1],
    );
    await mapping.stop();
  });

  it("is cut at the record that was named, when it may be bisected", async () => {
    const rig = streamRig({
      spec: { bisectBatchOnFunctionError: true, maximumRetryAttempts: 1, onFailureArn },
      handler: reporting("4"),
    });
    rig.put(8);

    const mapping = rig.start();
    await rig.clock.advance(60_000);

    expect(rig.batches.map((batch) => batch.join(""))).toEqual([
      "01234567",
      "4567",
      "45",
      "4",
      "4",
      "5",
      "67",
    ]);
    expect(mapping.stats()).toMatchObject({ handled: 7, discarded: 1 });
    await mapping.stop();
  });

  it("counts the retries on over partial failures, when it may not be bisected", async () => {
    const rig = streamRig({
      spec: { maximumRetryAttempts: 2, onFailureArn },
      handler: reporting("1", "3", "5"),
    });
    rig.put(8);

    const mapping = rig.start();
    await rig.clock.advance(60_000);

    expect(rig.batches.map((batch) => batch.join(""))).toEqual(["01234567", "1234567", "1234567"]);
    expect(mapping.stats()).toMatchObject({ handled: 1, discarded: 7 });
    await mapping.stop();
  });

  it("is given up record by record when they are too old, and on with those that are not", async () => {
    const rig = streamRig({
      spec: { batchSize: 10, maximumRecordAgeMs: 60_000, onFailureArn },
      handler: () => thrown,
    });
    rig.put(2);
    await rig.clock.advance(50_000);
    rig.table.put({ id: "young" });
    const mapping = rig.start();

    await rig.clock.advance(30_000);
    const [first] = rig.told;
    await rig.clock.advance(120_000);

    expect(first).toMatchObject({
      requestContext: { condition: "RecordAgeExceeded" },
      DDBStreamBatchInfo: { batchSize: 2 },
    });
    expect(rig.batches.at(-1)).toEqual(["young"]);
    expect(rig.told).toHaveLength(2);
    expect(mapping.stats()).toMatchObject({ discarded: 3, inFlight: 0 });
    await mapping.stop();
  });

  it("is given up after a day without any limit of its own, since the stream has forgotten it", async () => {
    const rig = streamRig({ spec: { onFailureArn }, handler: () => thrown });
    rig.put(1);
    const mapping = rig.start();

    await rig.clock.advance(86_300_000);
    expect(rig.told).toEqual([]);
    await rig.clock.advance(200_000);

    expect(rig.told).toMatchObject([{ requestContext: { condition: "RecordAgeExceeded" } }]);
    await mapping.stop();
  });

  it("is tried again without end when the function is throttled: that is no failure of its own", async () => {
    let calls = 0;
    const rig = streamRig({
      spec: { maximumRetryAttempts: 1 },
      handler: () => (++calls <= 10 ? { status: "throttled" } : success),
    });
    rig.put(1);

    const mapping = rig.start();
    await rig.clock.advance(600_000);

    expect(mapping.stats()).toMatchObject({ throttled: 10, invocations: 1, handled: 1, discarded: 0 });
    await mapping.stop();
  });

  it("holds its own lane alone, when there are several", async () => {
    const rig = streamRig({ spec: { parallelizationFactor: 5, batchSize: 1 }, handler: poison("3") });
    rig.put(5);

    const mapping = rig.start();
    await rig.clock.advance(300_000);

    expect(mapping.stats().handled).toBeGreaterThanOrEqual(3);
    expect(mapping.stats().inFlight).toBeGreaterThanOrEqual(1);
    expect(mapping.caughtUp(rig.clock.nowMs() - 1_000)).toBe(false);
    await rig.clock.until(mapping.stop());
  });

  it("is told of again when the destination does not take it, and goes on without it in the end", async () => {
    const spec = { maximumRetryAttempts: 0, onFailureArn };
    const rig = streamRig({ spec, handler: () => thrown });
    rig.put(1);
    let tries = 0;
    const send = () => {
      tries++;
      return Promise.reject(new Error("no such queue"));
    };

    const mapping = rig.start({}, { destination: { send } });
    await rig.clock.advance(30_000);

    expect(tries).toBe(5);
    expect(rig.events).toContainEqual({ type: "destination-failed", records: 1, error: "no such queue" });
    expect(mapping.caughtUp(rig.clock.nowMs() - 1_000)).toBe(true);
    await mapping.stop();
  });

  it("takes a function port that rejects as a failed invocation", async () => {
    const rig = streamRig();
    rig.put(1);

    const mapping = rig.start({}, { functions: { invoke: () => Promise.reject(new Error("broken")) } });
    await rig.clock.advance(1_000);

    expect(mapping.stats()).toMatchObject({ handled: 0, inFlight: 1 });
    await rig.clock.until(mapping.stop());
  });
});
