import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import type { ArchiveSettings } from "../../src/env.ts";
import { journaler, journalKind, parseJournalLine } from "../../src/journal/index.ts";
import { inMemoryObjects, type ObjectStore, readLines, segmentsOf } from "../../src/segments/index.ts";
import { changed, endedMs, item } from "./stream-records.ts";

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
  const clock = virtualClock({ startMs: endedMs + 500 });
  const objects = inMemoryObjects();
  const metrics: Record<string, unknown>[] = [];
  const sink = (line: string) => metrics.push(JSON.parse(line));
  const handler = journaler(settings, { store: { ...objects, ...parts }, clock, sink });
  const segments = segmentsOf({ store: objects, kind: journalKind, clock });
  const lines = async () => {
    const found = [];
    for await (const page of readLines(segments))
      found.push(...page.map(({ line }) => parseJournalLine(line.bytes)));
    return found;
  };
  return { handler, objects, metrics, lines };
}

describe("journaler", () => {
  it("writes down what was done and what died, with all that the ledger knows", async () => {
    const { handler, objects, lines } = world();
    const claimed = item({ state: "claimed", ended: 0 });

    await handler({
      Records: [
        changed(claimed),
        changed(item(), claimed),
        changed(item({ id: "o-2", state: "dead", reason: "permanent", attempts: 3, replay: "r-1" }), claimed),
      ],
    });

    const around = {
      time: "2026-11-27T01:29:59.500Z",
      completed: "2026-11-27T01:30:00.000Z",
      consumer: "LockStock",
      source: "/shop/web",
      type: "order.created",
      hash: "a".repeat(32),
    };
    expect(await lines()).toEqual([
      { ...around, id: "o-1", state: "done", attempts: 1 },
      { ...around, id: "o-2", state: "dead", attempts: 3, reason: "permanent", replay: "r-1" },
    ]);
    expect([...objects.objects.keys()]).toEqual([
      expect.stringMatching(/^raw\/journal\/span=2026-11-27-01-00\//),
    ]);
  });

  it("writes its fields in one order", async () => {
    const { handler, objects } = world();
    await handler({
      Records: [changed(item({ state: "dead", reason: "permanent", time: "1997-01-01T00:00:00Z" }))],
    });
    const segments = segmentsOf({ store: objects, kind: journalKind });

    const texts = [];
    for await (const page of readLines(segments)) texts.push(...page.map(({ line }) => String(line.bytes)));

    expect(texts).toEqual([
      `{"time":"2026-11-27T01:30:00.000Z","completed":"2026-11-27T01:30:00.000Z","consumer":"LockStock","source":"/shop/web","id":"o-1","type":"order.created","state":"dead","attempts":1,"hash":"${"a".repeat(32)}","reason":"permanent","eventTime":"1997-01-01T00:00:00Z"}`,
    ]);
  });

  it.each([
    ["claims", changed(item({ state: "claimed" }))],
    ["what is given back", changed(item({ state: "released" }), item({ state: "claimed" }))],
    ["emitted events that are cleared", changed(item(), item({ emits: [] }))],
    ["what expires", changed(undefined, item())],
    ["an item that is written over as it was", changed(item(), item())],
    ["what is no ledger item", { dynamodb: { NewImage: { state: { S: "done" }, ended: { N: "5" } } } }],
    ["an item whose end is no time", changed(item({ ended: Number.NaN }))],
    ["a record without images", {}],
  ])("leaves out %s", async (_, record) => {
    const { handler, objects, metrics } = world();

    await handler({ Records: [record] });

    expect(objects.objects.size).toBe(0);
    expect(metrics).toEqual([]);
  });

  it("keeps both ends of an event that died, was redriven and is done, and the same end once", async () => {
    const { handler, lines } = world();
    const dead = item({ state: "dead", reason: "permanent" });
    const claimed = item({ state: "claimed", reason: "permanent" });
    const done = item({ reason: "permanent", ended: endedMs + 60_000 });
    const records = [
      changed(dead, item({ state: "claimed" })),
      changed(claimed, dead),
      changed(done, claimed),
    ];

    await handler({ Records: records });
    await handler({ Records: records });

    expect((await lines()).map(({ state, reason }) => [state, reason])).toEqual([
      ["dead", "permanent"],
      ["done", undefined],
    ]);
  });

  it("keeps an event that dies once more, without a claim in between", async () => {
    const { handler, lines } = world();
    const dead = item({ state: "dead", reason: "invalid-data" });

    await handler({ Records: [changed(dead), changed({ ...dead, ended: endedMs + 5 }, dead)] });

    expect(await lines()).toHaveLength(2);
  });

  it("is of the moment of completion where the event's own time cannot be", async () => {
    const { handler, lines } = world();
    const dayMs = 86_400_000;
    const at = (offsetMs: number) => new Date(endedMs + offsetMs).toISOString();
    const times = [at(-90 * dayMs), at(-90 * dayMs - 1), at(dayMs), at(dayMs + 1), "never"];

    await handler({ Records: times.map((time, index) => changed(item({ id: `${index}`, time }))) });

    const found = await lines();
    expect(
      found
        .sort((one, other) => (one.id < other.id ? -1 : 1))
        .map(({ time, eventTime }) => [time, eventTime]),
    ).toEqual([
      [at(-90 * dayMs), undefined],
      [at(0), at(-90 * dayMs - 1)],
      [at(dayMs), undefined],
      [at(0), at(dayMs + 1)],
      [at(0), "never"],
    ]);
  });

  it("throws when the store does not take it, so that the batch comes again", async () => {
    const { handler } = world({ put: () => Promise.reject(new Error("503")) });

    await expect(handler({ Records: [changed(item())] })).rejects.toThrow("503");
    await expect(handler({ Records: [changed(item({ state: "claimed" }))] })).resolves.toBeUndefined();
  });

  it("counts what it journaled, and how late", async () => {
    const { handler, metrics } = world();

    await handler({ Records: [changed(item()), changed(item({ id: "o-2", ended: endedMs - 100 }))] });

    expect(metrics).toEqual([expect.objectContaining({ Kind: "journal", Journaled: 2, JournalLagMs: 600 })]);
  });

  it("refuses to be invoked with anything else", async () => {
    await expect(world().handler({} as never)).rejects.toThrow("no batch of a stream");
  });
});

describe("journalKind", () => {
  const parse = (text: string) => journalKind.parse(Buffer.from(text));

  it("knows a completion by consumer, event, replay, state and moment; a filter sees the consumer", async () => {
    const { handler, objects } = world();
    await handler({ Records: [changed(item()), changed(item({ replay: "r-1" }))] });
    const segments = segmentsOf({ store: objects, kind: journalKind });

    const lines = [];
    for await (const page of readLines(segments)) lines.push(...page.map(({ line }) => line));

    expect(lines).toMatchObject([
      {
        identity: "LockStock\n/shop/web\no-1\n\ndone\n2026-11-27T01:30:00.000Z",
        type: "order.created",
        odd: false,
        entry: {
          key: "/shop/web\no-1",
          fields: `{"hash":"${"a".repeat(32)}","type":"order.created"}`,
          set: '{"consumer":"LockStock"}',
        },
      },
      {
        identity: "LockStock\n/shop/web\no-1\nr-1\ndone\n2026-11-27T01:30:00.000Z",
        // What a replay ran again is no second completion.
        entry: undefined,
      },
    ]);
  });

  it.each(["", "hello", '{"time":"2026-11-27T01:30:00.000Z"}'])("refuses what is no line: %s", (text) => {
    expect(() => parse(text)).toThrow("a line of the journal has no");
  });
});
