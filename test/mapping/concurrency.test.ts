import { describe, expect, it } from "@jest/globals";
import { mappingRig } from "../helpers/mapping-rig.ts";

describe("startMapping, side by side", () => {
  it("starts with five batches, and adds 300 a minute while messages are left", async () => {
    const rig = mappingRig({
      spec: { batchSize: 1 },
      queue: { visibilityTimeoutMs: 3_600_000 },
      function: { runMs: 3_000_000 },
    });
    rig.send(500);

    const mapping = rig.start();
    await rig.clock.advance(500);
    expect(mapping.stats().inFlight).toBe(5);
    await rig.clock.advance(30_000);
    expect(mapping.stats().inFlight).toBeGreaterThanOrEqual(5 + 145);
    expect(mapping.stats().inFlight).toBeLessThanOrEqual(5 + 155);
    await rig.clock.advance(30_000);
    expect(mapping.stats().inFlight).toBeGreaterThanOrEqual(5 + 290);
    expect(mapping.stats().inFlight).toBeLessThanOrEqual(5 + 310);

    await rig.clock.until(mapping.stop());
  });

  it("never has more than 1,250 batches at once", async () => {
    const rig = mappingRig({
      spec: { batchSize: 1 },
      queue: { visibilityTimeoutMs: 3_600_000 },
      function: { runMs: 3_000_000 },
    });
    rig.send(2_000);

    const mapping = rig.start();
    await rig.clock.advance(600_000);

    expect(rig.functions.peak).toBe(1_250);
    expect(mapping.stats().received).toBe(1_250);
    await rig.clock.until(mapping.stop());
  });

  it("keeps within the maximum concurrency, and pulls no more than that", async () => {
    const rig = mappingRig({
      spec: { maximumConcurrency: 3 },
      function: { runMs: 1_000, reserved: 3 },
      queue: { visibilityTimeoutMs: 60_000 },
    });
    rig.send(1_000);

    const mapping = rig.start();
    let mostInFlight = 0;
    for (let step = 0; step < 400; step++) {
      await rig.clock.advance(100);
      mostInFlight = Math.max(mostInFlight, mapping.stats().inFlight);
    }

    expect(rig.functions.peak).toBe(3);
    expect(mostInFlight).toBe(30);
    expect(mapping.stats()).toMatchObject({ deleted: 1_000, throttled: 0 });
    expect(rig.functions.batches.flat().every((r) => r.attributes.ApproximateReceiveCount === "1")).toBe(
      true,
    );
    await mapping.stop();
  });

  it("takes 5,000 messages through a function of concurrency 5: never more than 5 at once, none dead", async () => {
    const rig = mappingRig({
      spec: { maximumConcurrency: 5 },
      function: { runMs: 500, reserved: 5 },
    });
    rig.send(5_000);

    const mapping = rig.start();
    await rig.clock.advance(60_000);

    expect(rig.functions.peak).toBe(5);
    expect(mapping.stats()).toMatchObject({ deleted: 5_000, throttled: 0 });
    expect(rig.dead.messages()).toEqual([]);
    await mapping.stop();
  });

  it("shows the trap: reserved concurrency alone over-pulls, and good messages die without ever running", async () => {
    const rig = mappingRig({
      function: { runMs: 5_000, reserved: 2 },
      queue: { visibilityTimeoutMs: 10_000, maxReceiveCount: 2 },
    });
    rig.send(500);

    const mapping = rig.start();
    await rig.clock.advance(600_000);

    const ran = new Set(rig.functions.bodies);
    const deadUnrun = rig.dead.messages().filter(({ body }) => !ran.has(body));
    expect(rig.functions.peak).toBe(2);
    expect(mapping.stats().throttled).toBeGreaterThan(0);
    expect(deadUnrun.length).toBeGreaterThan(0);
    expect(deadUnrun.length).toBe(rig.dead.messages().length);
    expect(ran.size + deadUnrun.length).toBe(500);
    await mapping.stop();
  });

  it("puts a throttled batch back: it comes again after its visibility, with a higher receive count", async () => {
    const rig = mappingRig({ function: { reserved: 0 } });
    rig.send(1);

    const mapping = rig.start();
    await rig.clock.advance(1_000);
    expect(rig.queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await rig.clock.advance(60_000);

    expect(rig.queue.messages()[0]?.receives).toBeGreaterThan(1);
    expect(rig.events).toContainEqual({ type: "throttled", messages: 1 });
    expect(mapping.stats()).toMatchObject({ invocations: 0, deleted: 0 });
    await mapping.stop();
  });

  it("pulls no more than the machine can soon handle", async () => {
    const rig = mappingRig({ spec: { batchSize: 1 }, function: { runMs: 60_000, capacity: 2 } });
    rig.send(100);

    const mapping = rig.start();
    await rig.clock.advance(30_000);

    expect(mapping.stats().inFlight).toBe(4);
    await rig.clock.until(mapping.stop());
  });

  it("waits in a single long poll while the queue is empty", async () => {
    const rig = mappingRig({ spec: { batchSize: 1 } });
    let polls = 0;
    let open = 0;
    rig.send(100);
    const mapping = rig.start({
      queue: {
        async receive(request) {
          polls++;
          open++;
          const messages = await rig.queue.receive(request);
          open--;
          return messages;
        },
        delete: (handles) => rig.queue.delete(handles),
      },
    });
    await rig.clock.advance(60_000);
    const before = polls;

    await rig.clock.advance(200_000);

    expect(open).toBe(1);
    expect(polls - before).toBe(10);
    await mapping.stop();
  });

  it("waits longer and longer, by chance, while the queue cannot be read, and goes on when it can", async () => {
    const rig = mappingRig();
    rig.send(10);
    let broken = true;
    const mapping = rig.start({
      queue: {
        receive: (request) => (broken ? Promise.reject(new Error("no queue")) : rig.queue.receive(request)),
        delete: (handles) => rig.queue.delete(handles),
      },
    });
    await rig.clock.advance(120_000);
    const pauses = rig.events.flatMap((event) => (event.type === "receive-failed" ? [event.retryMs] : []));

    broken = false;
    await rig.clock.advance(30_000);

    expect(pauses.length).toBeGreaterThan(8);
    expect(pauses.length).toBeLessThan(25);
    expect(pauses[0]).toBeLessThanOrEqual(200);
    expect(Math.max(...pauses)).toBeGreaterThan(10_000);
    expect(new Set(pauses).size).toBe(pauses.length);
    expect(mapping.stats().deleted).toBe(10);
    await mapping.stop();
  });
});
