import { describe, expect, it } from "@jest/globals";
import { mappingRig } from "../helpers/mapping-rig.ts";

describe("a mapping's life", () => {
  it("does nothing while it is disabled, and begins when it is enabled", async () => {
    const rig = mappingRig({ spec: { enabled: false } });
    rig.send(3);

    const mapping = rig.start();
    await rig.clock.advance(60_000);
    expect(mapping.state()).toBe("Disabled");
    expect(mapping.stats().received).toBe(0);
    mapping.update({ enabled: true });
    await rig.clock.advance(1_000);

    expect(mapping.state()).toBe("Enabled");
    expect(mapping.stats().deleted).toBe(3);
    await mapping.stop();
  });

  it("stops polling when it is disabled, and finishes what is in flight", async () => {
    const rig = mappingRig({ function: { runMs: 5_000 } });
    rig.send(10);
    const mapping = rig.start();
    await rig.clock.advance(1_000);

    mapping.update({ enabled: false });
    rig.send(10);
    const during = mapping.state();
    await rig.clock.advance(60_000);

    expect(during).toBe("Disabling");
    expect(mapping.state()).toBe("Disabled");
    expect(mapping.stats()).toMatchObject({ received: 10, deleted: 10, inFlight: 0 });
    expect(rig.queue.counts().visible).toBe(10);
    await mapping.stop();
  });

  it("takes new settings at once", async () => {
    const rig = mappingRig({ spec: { maximumConcurrency: 2, batchSize: 1 }, function: { runMs: 1_000 } });
    const mapping = rig.start();
    await rig.clock.advance(1_000);

    mapping.update({ maximumConcurrency: 4, batchSize: 2 });
    rig.send(20);
    await rig.clock.advance(10_000);

    expect(rig.functions.peak).toBe(4);
    expect(rig.functions.batches.every((batch) => batch.length === 2)).toBe(true);
    expect(mapping.spec).toMatchObject({ maximumConcurrency: 4, batchSize: 2, windowMs: 0 });
    mapping.update({ maximumConcurrency: undefined });
    expect("maximumConcurrency" in mapping.spec).toBe(false);
    await mapping.stop();
  });

  it("ends a waiting poll at once when it is stopped", async () => {
    const rig = mappingRig();
    const mapping = rig.start();
    await rig.clock.advance(1_000);

    await mapping.stop();

    rig.send(1);
    await rig.clock.advance(60_000);
    expect(mapping.stats().received).toBe(0);
    expect(rig.clock.pending).toBe(0);
  });

  it("is stopped when what runs has been answered and deleted", async () => {
    const rig = mappingRig({ function: { runMs: 5_000 } });
    rig.send(10);
    const mapping = rig.start();
    await rig.clock.advance(1_000);

    await rig.clock.until(mapping.stop());

    expect(rig.queue.messages()).toEqual([]);
  });

  it.each([
    [{ batchSize: 0 }, /batchSize 0/],
    [{ batchSize: 11 }, /without a window/],
    [{ batchSize: 11, windowMs: 1_000, fifo: true }, /ordered queue/],
    [{ windowMs: 300_001 }, /windowMs 300001/],
    [{ maximumConcurrency: 1 }, /maximumConcurrency 1: 2 to 1000/],
  ])("refuses %j, as Lambda does", (spec, message) => {
    expect(() => mappingRig({ spec }).start()).toThrow(message);
  });
});
