import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { archiveKind, archiver, parseArchiveLine } from "../../src/archive/index.ts";
import type { ArchiveSettings } from "../../src/env.ts";
import {
  inMemoryObjects,
  type ObjectStore,
  readLines,
  sealSpan,
  segmentsOf,
} from "../../src/segments/index.ts";
import { eventJson, notified, publishedMs, raw } from "./records.ts";

const settings: ArchiveSettings = {
  v: 1,
  bus: "shop",
  account: "123456789012",
  region: "eu-central-1",
  spanMs: 3_600_000,
  graceMs: 120_000,
  rawKeepMs: 604_800_000,
};

function world(parts: Partial<ObjectStore> = {}) {
  const clock = virtualClock({ startMs: publishedMs + 2_000 });
  const objects = inMemoryObjects();
  const store = { ...objects, ...parts };
  const metrics: Record<string, unknown>[] = [];
  const sink = (line: string) => metrics.push(JSON.parse(line));
  const handler = archiver(settings, { store, clock, sink });
  const segments = segmentsOf({ store: objects, kind: archiveKind, clock });
  const lines = async () => {
    const found = [];
    for await (const page of readLines(segments))
      found.push(...page.map(({ line }) => parseArchiveLine(line.bytes)));
    return found;
  };
  return { handler, objects, metrics, segments, lines };
}

describe("archiver", () => {
  it("writes a batch as one raw object, into the span of this moment", async () => {
    const { handler, objects, lines } = world();

    await handler({
      Records: [notified(eventJson({ id: "a" })), raw(eventJson({ id: "b" })), notified("no event")],
    });

    expect([...objects.objects.keys()]).toEqual([
      expect.stringMatching(/^raw\/archive\/span=2026-11-27-01-00\/\d+-\d+-3-[0-9a-f-]{36}\.ndjson\.gz$/),
    ]);
    expect((await lines()).map(({ id, problem }) => id ?? problem).sort()).toEqual(["a", "b", "bad-json"]);
  });

  it("throws when the store does not take it, so that the whole batch comes again, and is there once then", async () => {
    let fails = true;
    const { handler, objects, lines } = world({
      put: async (key, body, options) => {
        const result = await objects.put(key, body, options);
        if (fails) throw new Error("503");
        return result;
      },
    });
    const batch = { Records: [notified(eventJson({ id: "a" })), notified(eventJson({ id: "b" }))] };

    await expect(handler(batch)).rejects.toThrow("503");
    fails = false;
    await handler(batch);

    expect(objects.objects.size).toBe(2);
    expect((await lines()).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("is not stopped by anything that a message may hold", async () => {
    const { handler, lines } = world();
    const bodies = [
      "",
      "null",
      "[]",
      '"',
      "\u0000",
      "{".repeat(100_000),
      '{"__proto__":1}',
      `[${"1,".repeat(5_000)}1]`,
    ];

    await handler({ Records: [...bodies.map((body) => notified(body)), ...bodies.map((body) => raw(body))] });

    // Raw ones have one message id in common.
    expect(await lines()).toHaveLength(bodies.length + 1);
  });

  it("spreads messages that hold several events over lines, before sealing and after it", async () => {
    const { handler, segments, lines } = world();
    const events = ["a", "b", "c"].map((id) => eventJson({ id }));
    await handler({ Records: [notified(`[${events.join()}]`), notified(events[1] ?? "")] });
    const before = await lines();

    await sealSpan(segments, "2026-11-27-01-00", { others: [] });

    expect(before.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(await lines()).toEqual(before);
  });

  it("counts what it archived, and how late", async () => {
    const { handler, metrics } = world();

    await handler({
      Records: [notified(`[${eventJson({ id: "a" })},${eventJson({ id: "b" })}]`), notified("x")],
    });

    expect(metrics).toEqual([
      expect.objectContaining({ Bus: "shop", Kind: "archive", Archived: 3, ArchiveLagMs: 2_000 }),
    ]);
  });

  it("refuses to be invoked with anything else", async () => {
    const { handler } = world();

    await expect(handler({} as never)).rejects.toThrow("no SQS batch");
  });
});
