import { describe, expect, it } from "@jest/globals";
import { failing, mappingRig, success, thrown } from "../helpers/mapping-rig.ts";

describe("startMapping", () => {
  it("hands records to the function in AWS's shape", async () => {
    const rig = mappingRig();
    rig.queue.send({
      body: "{}",
      messageAttributes: {
        type: { dataType: "String", stringValue: "order.created" },
        raw: { dataType: "Binary", binaryValue: "AQID" },
      },
    });

    const mapping = rig.start();
    await rig.clock.advance(100);

    const [[record] = []] = rig.functions.batches;
    expect(record).toEqual({
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.any(String),
      body: "{}",
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "1767225600000",
        ApproximateFirstReceiveTimestamp: "1767225600000",
        SenderId: "local",
      },
      messageAttributes: {
        type: {
          stringValue: "order.created",
          stringListValues: [],
          binaryListValues: [],
          dataType: "String",
        },
        raw: { binaryValue: "AQID", stringListValues: [], binaryListValues: [], dataType: "Binary" },
      },
      md5OfBody: "99914b932bd37a50b983c5e7c90ae93b",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:work",
      awsRegion: "eu-west-1",
    });
    await mapping.stop();
  });

  it("deletes a batch that was handled", async () => {
    const rig = mappingRig();
    rig.send(25);

    const mapping = rig.start();
    await rig.clock.advance(1_000);

    expect(rig.queue.messages()).toEqual([]);
    expect(mapping.stats()).toEqual({
      received: 25,
      deleted: 25,
      failed: 0,
      throttled: 0,
      invocations: 3,
      inFlight: 0,
    });
    await mapping.stop();
  });

  it("gives batches of no more than the batch size", async () => {
    const rig = mappingRig({ spec: { batchSize: 3 } });
    rig.send(10);

    const mapping = rig.start();
    await rig.clock.advance(1_000);

    expect(rig.functions.bodies).toHaveLength(10);
    expect(Math.max(...rig.functions.batches.map((batch) => batch.length))).toBe(3);
    await mapping.stop();
  });

  it("gathers a batch of more than ten out of several receives", async () => {
    const rig = mappingRig({ spec: { batchSize: 25, windowMs: 5_000 } });
    rig.send(60);

    const mapping = rig.start();
    await rig.clock.advance(1_000);
    expect(rig.functions.batches.map((batch) => batch.length)).toEqual([25, 25]);

    await rig.clock.advance(5_000);
    expect(rig.functions.batches.map((batch) => batch.length)).toEqual([25, 25, 10]);
    await mapping.stop();
  });

  it("waits for the window, counted from the first message, when the batch is not full", async () => {
    const rig = mappingRig({ spec: { windowMs: 5_000 } });
    const mapping = rig.start();

    await rig.clock.advance(60_000);
    rig.send(1);
    await rig.clock.advance(4_000);
    rig.send(1);
    expect(rig.functions.batches).toEqual([]);
    await rig.clock.advance(1_000);

    expect(rig.functions.batches.map((batch) => batch.length)).toEqual([2]);
    await rig.clock.until(mapping.stop());
  });

  it("closes a batch at 6 MB, and gives what did not fit to the next one", async () => {
    const rig = mappingRig({ spec: { batchSize: 10, windowMs: 10_000 } });
    for (let index = 0; index < 10; index++) rig.queue.send({ body: "x".repeat(1_000_000) });

    const mapping = rig.start();
    await rig.clock.advance(11_000);

    expect(rig.functions.batches.map((batch) => batch.length)).toEqual([6, 4]);
    expect(mapping.stats().deleted).toBe(10);
    await mapping.stop();
  });

  it("leaves the named messages, which come again when their visibility is over", async () => {
    const rig = mappingRig({
      function: {
        handler: (records) =>
          failing(
            ...records
              .filter(({ body, attributes }) => body === "1" && attributes.ApproximateReceiveCount === "1")
              .map(({ messageId }) => messageId),
          ),
      },
    });
    rig.send(3);

    const mapping = rig.start();
    await rig.clock.advance(29_000);
    expect(rig.queue.messages().map(({ body }) => body)).toEqual(["1"]);
    expect(rig.functions.bodies).toEqual(["0", "1", "2"]);
    await rig.clock.advance(2_000);

    expect(rig.functions.bodies).toEqual(["0", "1", "2", "1"]);
    expect(rig.queue.messages()).toEqual([]);
    expect(mapping.stats()).toMatchObject({ received: 4, deleted: 3, failed: 1, invocations: 2 });
    await mapping.stop();
  });

  it.each([
    ["throws", thrown],
    ["names a message that is not in the batch", failing("unknown")],
    ["names a message without its id", failing(null)],
    ["names a message by an empty id", failing("")],
    ["answers with something else than JSON", { status: "ok", payload: "undefined" } as const],
  ])("keeps the whole batch, up to the dead-letter queue, when the function %s", async (_, result) => {
    const rig = mappingRig({ function: { handler: () => result } });
    rig.send(3);

    const mapping = rig.start();
    await rig.clock.advance(200_000);

    expect(rig.functions.bodies).toHaveLength(3 * 5);
    expect(rig.dead.messages()).toHaveLength(3);
    expect(mapping.stats().deleted).toBe(0);
    await mapping.stop();
  });

  it.each(["null", "{}", '{"batchItemFailures":[]}'])(
    "deletes everything when the function answers %s",
    async (payload) => {
      const rig = mappingRig({ function: { handler: () => ({ status: "ok", payload }) } });
      rig.send(3);

      const mapping = rig.start();
      await rig.clock.advance(1_000);

      expect(rig.queue.messages()).toEqual([]);
      await mapping.stop();
    },
  );

  it("does not read the answer when partial answers are off", async () => {
    const rig = mappingRig({
      spec: { reportBatchItemFailures: false },
      function: { handler: (records) => failing(...records.map(({ messageId }) => messageId)) },
    });
    rig.send(3);

    const mapping = rig.start();
    await rig.clock.advance(1_000);

    expect(rig.queue.messages()).toEqual([]);
    await mapping.stop();
  });

  it("keeps the messages of a function that does not exist, and slows down", async () => {
    const missing = { status: "error", kind: "init", payload: "{}" } as const;
    let calls = 0;
    const rig = mappingRig({ spec: { batchSize: 1 }, queue: { visibilityTimeoutMs: 600_000 } });
    rig.send(1_000);

    const mapping = rig.start({
      functions: {
        async invoke() {
          calls++;
          return missing;
        },
      },
    });
    await rig.clock.advance(60_000);

    expect(calls).toBeGreaterThan(5);
    expect(calls).toBeLessThan(60);
    expect(mapping.stats().deleted).toBe(0);
    expect(rig.queue.messages()).toHaveLength(1_000);
    await mapping.stop();
  });

  it("takes a function port that rejects as a failed batch", async () => {
    const rig = mappingRig();
    rig.send(1);

    const mapping = rig.start({ functions: { invoke: () => Promise.reject(new Error("broken")) } });
    await rig.clock.advance(1_000);

    expect(mapping.stats()).toMatchObject({ failed: 1, deleted: 0, inFlight: 0 });
    await mapping.stop();
  });

  it("does not let a slow delete hold up the next batch", async () => {
    const rig = mappingRig({ spec: { batchSize: 1, maximumConcurrency: 2 } });
    rig.send(20);
    let deletes = 0;

    const mapping = rig.start({
      queue: {
        receive: (request) => rig.queue.receive(request),
        delete: () => {
          deletes++;
          return new Promise((resolve) => rig.clock.after(60_000, resolve));
        },
      },
    });
    await rig.clock.advance(1_000);

    expect(rig.functions.batches).toHaveLength(20);
    expect(deletes).toBe(4);
    await rig.clock.until(mapping.stop());
    expect(mapping.stats().deleted).toBe(20);
  });

  it("tries a delete again, and says so when it gives up", async () => {
    const rig = mappingRig({ function: { handler: () => success } });
    rig.send(1);
    let tries = 0;

    const mapping = rig.start({
      queue: {
        receive: (request) => rig.queue.receive(request),
        delete: () => {
          tries++;
          return Promise.reject(new Error("no"));
        },
      },
    });
    await rig.clock.advance(20_000);

    expect(tries).toBe(5);
    expect(rig.events).toContainEqual({ type: "delete-failed", messages: 1, error: "no" });
    await mapping.stop();
  });
});
