import { describe, expect, it } from "@jest/globals";
import type { InvokeResult } from "../../../local/mapping/index.ts";
import { streamRig } from "../../helpers/stream-rig.ts";

const thrown: InvokeResult = { status: "error", kind: "thrown", payload: "{}" };

describe("where a mapping begins", () => {
  it("is the oldest record, or behind the newest: what came before it was there does not count then", async () => {
    const oldest = streamRig();
    const newest = streamRig({ spec: { startingPosition: "LATEST" } });
    for (const rig of [oldest, newest]) rig.put(2);

    const mappings = [oldest.start(), newest.start()];
    for (const rig of [oldest, newest]) {
      await rig.clock.advance(100);
      rig.table.put({ id: "new" });
      await rig.clock.advance(2_000);
    }

    expect(oldest.batches.flat()).toEqual(["0", "1", "new"]);
    expect(newest.batches.flat()).toEqual(["new"]);
    await Promise.all(mappings.map((mapping) => mapping.stop()));
  });

  it("is where it was, after a restart, and nothing is handled twice", async () => {
    const rig = streamRig({ spec: { batchSize: 10 } });
    rig.put(10);
    const first = rig.start();
    await rig.clock.advance(1_000);
    await first.stop();
    rig.table.put({ id: "between" });

    const second = rig.start();
    await rig.clock.advance(1_000);

    expect(rig.batches.slice(1)).toEqual([["between"]]);
    await second.stop();
  });

  it("is what was new, after a restart, though none had come", async () => {
    const rig = streamRig({ spec: { startingPosition: "LATEST" } });
    rig.put(3);
    const first = rig.start();
    await rig.clock.advance(100);
    await first.stop();
    rig.table.put({ id: "between" });

    const second = rig.start();
    await rig.clock.advance(1_000);

    expect(rig.batches).toEqual([["between"]]);
    await second.stop();
  });

  it("is the first record that is not decided on, when it was stopped amidst a retry", async () => {
    const rig = streamRig({ spec: { batchSize: 4 }, handler: () => thrown });
    rig.put(8);
    let calls = 0;
    const first = rig.start(
      {},
      {
        functions: {
          invoke: async () => (++calls === 1 ? { status: "ok", payload: "" } : thrown),
        },
      },
    );
    await rig.clock.advance(10_000);
    await rig.clock.until(first.stop());

    const second = rig.start();
    await rig.clock.advance(100);

    expect(calls).toBeGreaterThan(2);
    expect(rig.batches[0]).toEqual(["4", "5", "6", "7"]);
    await rig.clock.until(second.stop());
  });

  it("never lies behind a record of another lane that is not decided on", async () => {
    const spec = { parallelizationFactor: 4, batchSize: 1 };
    const rig = streamRig({ spec, handler: () => thrown });
    rig.put(12);
    const failing = new Set<string>();
    const first = rig.start(
      {},
      {
        functions: {
          invoke: async (_name, payload) => {
            const id = /"Keys":\{"id":"(\d+)"/.exec(payload)?.[1] ?? "";
            if (id === "2") failing.add(id);
            return id === "2" ? thrown : { status: "ok", payload: "" };
          },
        },
      },
    );
    await rig.clock.advance(10_000);
    await rig.clock.until(first.stop());

    const second = rig.start();
    await rig.clock.advance(100);

    expect(failing.size).toBe(1);
    expect(first.stats().handled).toBeGreaterThan(2);
    // All from the third record on comes again: at least once, never less.
    expect(rig.batches.flat()).toContain("2");
    expect(rig.batches.flat()).not.toContain("1");
    await rig.clock.until(second.stop());
  });

  it("is a new one for a mapping that knows nothing, and another's is its own", async () => {
    const rig = streamRig();
    rig.put(3);
    const mappings = [rig.start(), rig.start({ uuid: "mapping-2" })];

    await rig.clock.advance(1_000);

    expect(rig.batches).toEqual([
      ["0", "1", "2"],
      ["0", "1", "2"],
    ]);
    await Promise.all(mappings.map((mapping) => mapping.stop()));
    const third = rig.start({ uuid: "mapping-3" });
    await rig.clock.advance(1_000);
    expect(rig.batches).toHaveLength(3);
    await third.stop();
  });
});

describe("shards", () => {
  it("are read one after the other, children when their parent is done with", async () => {
    const rig = streamRig({ spec: { batchSize: 2 }, runMs: 500 });
    for (const shard of ["a", "b", "c"]) {
      for (const number of [1, 2, 3]) rig.table.put({ id: `${shard}${number}` });
      rig.table.split();
    }

    const mapping = rig.start();
    await rig.clock.advance(10_000);

    expect(rig.batches.map((batch) => batch.join())).toEqual(["a1,a2", "a3", "b1,b2", "b3", "c1,c2", "c3"]);
    rig.table.put({ id: "d1" });
    await rig.clock.advance(2_000);
    expect(rig.batches.at(-1)).toEqual(["d1"]);
    await mapping.stop();
  });

  it("that close while they are read are followed by their children, wherever the mapping began", async () => {
    const rig = streamRig({ spec: { startingPosition: "LATEST" } });
    rig.table.put({ id: "old" });
    rig.table.split();
    rig.table.put({ id: "before" });
    const mapping = rig.start();
    await rig.clock.advance(2_000);

    rig.table.put({ id: "last of it" });
    rig.table.split();
    rig.table.put({ id: "first of the next" });
    await rig.clock.advance(30_000);

    expect(rig.batches.flat()).toEqual(["last of it", "first of the next"]);
    await mapping.stop();
    const again = rig.start();
    await rig.clock.advance(30_000);
    expect(rig.batches.flat()).toHaveLength(2);
    await again.stop();
  });

  it("are asked for again when they cannot be listed", async () => {
    const rig = streamRig();
    rig.put(1);
    let calls = 0;
    const stream = {
      ...rig.poller.stream,
      shards: () => (++calls < 4 ? Promise.reject(new Error("not yet")) : rig.table.shards()),
    };

    const mapping = rig.start({}, { poller: { ...rig.poller, stream } });
    await rig.clock.advance(10_000);

    expect(rig.batches).toEqual([["0"]]);
    expect(rig.events).toContainEqual({ type: "stream-failed", error: "not yet" });
    await mapping.stop();
  });
});

describe("a stream mapping's life", () => {
  it("reads nothing while it is disabled, and begins when it is enabled", async () => {
    const rig = streamRig({ spec: { enabled: false } });
    rig.put(3);

    const mapping = rig.start();
    await rig.clock.advance(60_000);
    expect([mapping.state(), rig.reads]).toEqual(["Disabled", 0]);
    mapping.update({ enabled: true });
    await rig.clock.advance(1_000);

    expect(mapping.state()).toBe("Enabled");
    expect(rig.batches).toEqual([["0", "1", "2"]]);
    await mapping.stop();
  });

  it("finishes what runs when it is disabled, and goes on behind it", async () => {
    const rig = streamRig({ spec: { batchSize: 2 }, runMs: 5_000 });
    rig.put(6);
    const mapping = rig.start();
    await rig.clock.advance(1_000);

    mapping.update({ enabled: false });
    const during = mapping.state();
    await rig.clock.advance(60_000);
    const { handled, inFlight } = mapping.stats();
    mapping.update({ enabled: true });
    await rig.clock.advance(60_000);

    expect([during, handled, inFlight]).toEqual(["Disabling", 2, 0]);
    expect(rig.batches).toEqual([
      ["0", "1"],
      ["2", "3"],
      ["4", "5"],
    ]);
    await mapping.stop();
  });

  it("takes new settings, and never handles a shard twice at once", async () => {
    const rig = streamRig({ spec: { batchSize: 1 }, runMs: 1_000 });
    rig.put(9);
    const mapping = rig.start();
    await rig.clock.advance(500);

    mapping.update({ batchSize: 4 });
    mapping.update({ batchSize: 2, maximumRetryAttempts: 3 });
    await rig.clock.advance(20_000);

    expect(rig.peak).toBe(1);
    expect(rig.batches.map((batch) => batch.length)).toEqual([1, 2, 2, 2, 2]);
    expect(mapping.spec).toMatchObject({ batchSize: 2, maximumRetryAttempts: 3 });
    expect(() => mapping.update({ batchSize: 0 })).toThrow("batchSize 0");
    expect(mapping.spec.batchSize).toBe(2);
    await mapping.stop();
  });

  it("is stopped when what runs has been answered, with nothing left behind", async () => {
    const rig = streamRig({ spec: { batchSize: 2 }, runMs: 5_000 });
    rig.put(6);
    const mapping = rig.start();
    await rig.clock.advance(1_000);

    await rig.clock.until(mapping.stop());

    expect(mapping.stats()).toMatchObject({ handled: 2, inFlight: 0 });
    expect(rig.clock.pending).toBe(0);
    rig.put(3, { more: 1 });
    await rig.clock.advance(60_000);
    expect(rig.batches).toHaveLength(1);
  });

  it("leaves a batch whose function was ended with the host: it comes again", async () => {
    const rig = streamRig({ spec: { maximumRetryAttempts: 0 } });
    rig.put(2);
    const ended = Promise.withResolvers<InvokeResult>();
    const mapping = rig.start({}, { functions: { invoke: () => ended.promise } });
    await rig.clock.advance(100);

    const stopped = mapping.stop();
    ended.resolve({ status: "error", kind: "exit", payload: "{}" });
    await stopped;
    const next = rig.start();
    await rig.clock.advance(100);

    expect(mapping.stats().discarded).toBe(0);
    expect(rig.batches).toEqual([["0", "1"]]);
    await next.stop();
  });
});
