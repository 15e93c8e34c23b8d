import { describe, expect, it } from "@jest/globals";
import { failing, mappingRig } from "../helpers/mapping-rig.ts";

const fifo = { fifo: true } as const;

describe("startMapping over an ordered queue", () => {
  it("hands out each group in order, groups side by side", async () => {
    const rig = mappingRig({ spec: { ...fifo, batchSize: 1 }, function: { runMs: 100 } });
    rig.sendOrdered("a1", "a2", "b1", "a3", "b2", "c1");

    const mapping = rig.start();
    await rig.clock.advance(5_000);

    const of = (group: string) => rig.functions.bodies.filter((body) => body.startsWith(group));
    expect(of("a")).toEqual(["a1", "a2", "a3"]);
    expect(of("b")).toEqual(["b1", "b2"]);
    expect(of("c")).toEqual(["c1"]);
    expect(rig.functions.peak).toBe(3);
    await mapping.stop();
  });

  it("has at most one batch of a group in flight", async () => {
    const running = new Map<string, number>();
    let most = 0;
    const rig = mappingRig({ spec: { ...fifo, batchSize: 3 }, function: { runMs: 100 } });
    for (let index = 0; index < 60; index++) rig.sendOrdered(`${"abc"[index % 3]}${index}`);

    const mapping = rig.start({
      functions: {
        async invoke(name, payload) {
          const { Records } = JSON.parse(payload) as { Records: { body: string }[] };
          const groups = new Set(Records.map(({ body }) => body.slice(0, 1)));
          for (const group of groups) {
            running.set(group, (running.get(group) ?? 0) + 1);
            most = Math.max(most, running.get(group) ?? 0);
          }
          const result = await rig.functions.invoke(name, payload);
          for (const group of groups) running.set(group, (running.get(group) ?? 0) - 1);
          return result;
        },
      },
    });
    await rig.clock.advance(60_000);

    expect(mapping.stats().deleted).toBe(60);
    expect(most).toBe(1);
    await mapping.stop();
  });

  it("gives back what failed and what came after it, and holds the group until then", async () => {
    const rig = mappingRig({
      spec: { ...fifo, batchSize: 10 },
      function: {
        handler: (records) => {
          const from = records.findIndex(
            ({ body, attributes }) => body === "a2" && attributes.ApproximateReceiveCount === "1",
          );
          return failing(...(from < 0 ? [] : records.slice(from).map(({ messageId }) => messageId)));
        },
      },
    });
    rig.sendOrdered("a1", "a2", "a3");

    const mapping = rig.start();
    await rig.clock.advance(1_000);
    rig.sendOrdered("a4", "b1");
    await rig.clock.advance(1_000);
    expect(rig.functions.bodies).toEqual(["a1", "a2", "a3", "b1"]);
    await rig.clock.advance(40_000);

    expect(rig.functions.bodies).toEqual(["a1", "a2", "a3", "b1", "a2", "a3", "a4"]);
    expect(rig.queue.messages()).toEqual([]);
    await mapping.stop();
  });

  it("shows the trap: what comes after a failed message is deleted unless it is named too", async () => {
    const rig = mappingRig({
      spec: { ...fifo, batchSize: 10 },
      function: {
        handler: (records) =>
          failing(...records.filter(({ body }) => body === "a2").map(({ messageId }) => messageId)),
      },
    });
    rig.sendOrdered("a1", "a2", "a3");

    const mapping = rig.start();
    await rig.clock.advance(1_000);

    expect(rig.queue.messages().map(({ body }) => body)).toEqual(["a2"]);
    await mapping.stop();
  });

  it("does not hand out what it has in hand of a group that failed", async () => {
    const rig = mappingRig({
      spec: { ...fifo, batchSize: 10 },
      function: {
        handler: (records) =>
          records[0]?.attributes.ApproximateReceiveCount === "1"
            ? { status: "error", kind: "thrown", payload: "{}" }
            : { status: "ok", payload: "null" },
      },
    });
    const large = "x".repeat(1_000_000);
    rig.sendOrdered(...Array.from({ length: 8 }, (_, index) => `a${index}${large}`));

    const mapping = rig.start();
    await rig.clock.advance(29_000);
    const firstTry = rig.functions.bodies.map((body) => body.slice(0, 2));
    await rig.clock.advance(40_000);
    const both = rig.functions.bodies.map((body) => body.slice(0, 2));

    expect(firstTry).toEqual(["a0", "a1", "a2", "a3", "a4", "a5"]);
    expect(both.slice(6)).toEqual(["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"]);
    expect(mapping.stats()).toMatchObject({ deleted: 8, inFlight: 0 });
    await mapping.stop();
  });
});
