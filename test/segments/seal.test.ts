import { hash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { digestOf, entryHash } from "../../src/digest/index.ts";
import { identitySet } from "../../src/segments/identity-set.ts";
import {
  type InMemoryObjects,
  inMemoryObjects,
  type Manifest,
  readBlocks,
  readManifest,
  readSidecarOf,
  type Segments,
  type Sidecar,
  sealSpan,
  spanSealer,
  writeRaw,
} from "../../src/segments/index.ts";
import { onceIn } from "../../src/segments/once.ts";
import { beginMs, hourMs, line, type Note, notebook, packed, results, sealAll, seen } from "./notes.ts";

const span = "2026-11-27-01-00";
const minutesMs = (minutes: number) => beginMs + minutes * 60_000;

/** Notes over an hour, in a mixed order. */
function someNotes(count: number): readonly Note[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `note-${(index * 7919) % count}`,
    timeMs: beginMs + (((index * 7919) % count) * hourMs) / count,
    set: index % 3 === 0 ? "one" : "other",
    type: index % 5 === 0 ? "note.torn" : "note.taken",
  }));
}

async function writeNotes(segments: Segments, notes: readonly Note[], each = 10): Promise<void> {
  for (let at = 0; at < notes.length; at += each) {
    await writeRaw(segments, notes.slice(at, at + each).map(line));
  }
}

async function sealed(segments: Segments): Promise<{ manifest: Manifest; sidecars: readonly Sidecar[] }> {
  await sealSpan(segments, span, { others: [] });
  const { manifest } = (await readManifest(segments, span)) ?? {};
  if (!manifest) throw new Error("not sealed");
  const sidecars = await Promise.all(
    manifest.segments.map(({ name }) => readSidecarOf(segments, span, name)),
  );
  return { manifest, sidecars };
}

describe("writeRaw", () => {
  it("writes into the span of this moment, whatever the times of the lines are", async () => {
    const { segments, clock } = notebook();
    await clock.advance(hourMs + 1);

    const key = await writeRaw(segments, [
      line({ id: "old", timeMs: 5_000 }),
      line({ id: "new", timeMs: beginMs }),
    ]);

    expect(key).toMatch(
      /^raw\/notes\/span=2026-11-27-02-00\/5000-1795741200000-2-[0-9a-f-]{36}\.ndjson\.gz$/,
    );
  });

  it("writes sorted lines that anybody can unpack", async () => {
    const { segments, store } = notebook();
    const key =
      (await writeRaw(segments, [line({ id: "b", timeMs: 9 }), line({ id: "a", timeMs: 8 })])) ?? "";

    const text = gunzipSync((await store.get(key))?.body ?? "").toString();

    expect(text.split("\n").map((one) => (one === "" ? "" : JSON.parse(one).id))).toEqual(["a", "b", ""]);
  });

  it("names the last time of the parts of a line", async () => {
    const { segments } = notebook();
    const parts = packed([
      { id: "a", timeMs: 1_000 },
      { id: "b", timeMs: 9_000 },
    ]);

    expect(await writeRaw(segments, [parts])).toContain("/1000-9000-1-");
  });

  it("writes no object for no lines", async () => {
    const { segments, store } = notebook();

    expect(await writeRaw(segments, [])).toBeUndefined();
    expect((store as InMemoryObjects).objects.size).toBe(0);
  });

  it("has no patience beyond half of the grace", async () => {
    const asked: unknown[] = [];
    const store = inMemoryObjects();
    const { segments } = notebook({
      store: {
        ...store,
        put: async (key, body, options) => {
          asked.push(options);
          return store.put(key, body, options);
        },
      },
    });

    await writeRaw(segments, [line({ id: "a", timeMs: 1 })]);

    expect(asked).toEqual([{ patienceMs: 60_000 }]);
  });
});

describe("sealSpan", () => {
  it("makes sorted segments of all that was written, each line once", async () => {
    const { segments } = notebook();
    const notes = someNotes(100);
    await writeNotes(segments, notes);
    await writeNotes(segments, notes.slice(20, 50));

    const result = await sealSpan(segments, span, { others: [] });

    expect(result).toMatchObject({ status: "sealed", lines: 100, duplicates: 30, segments: 1 });
    expect(await seen(segments)).toEqual(
      Array.from({ length: 100 }, (_, index) => `note-${index} @ ${span}/0/${index}`),
    );
  });

  it("makes the same bytes of the same raw objects, whatever order they came in", async () => {
    const made = await Promise.all(
      [1, 2, 3].map(async (run) => {
        const store = inMemoryObjects();
        const { segments } = notebook({ store });
        const notes = someNotes(60);
        const parts = Array.from({ length: 6 }, (_, part) => notes.slice(part * 10, part * 10 + 10));
        if (run === 2) parts.reverse();
        if (run === 3) parts.push(...parts.splice(0, 3));
        for (const part of parts) await writeRaw(segments, part.map(line));
        const { sidecars } = await sealed(segments);
        const segment = `sealed/notes/span=${span}/${sidecars[0]?.segment}`;
        const { [`${segment}.json`]: sidecar, [`${segment}.ndjson.gz`]: body } = results(store);
        return { sidecar, body };
      }),
    );

    expect(made[0]?.body).toMatch(/^H4sI/);
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
  });

  it("names a segment by its bytes", async () => {
    const { segments, store } = notebook();
    await writeNotes(segments, someNotes(10));
    const { manifest } = await sealed(segments);
    const name = manifest.segments[0]?.name ?? "";

    const { body = Buffer.alloc(0) } = (await store.get(`sealed/notes/span=${span}/${name}.ndjson.gz`)) ?? {};

    expect(hash("sha256", body, "hex").slice(0, 32)).toBe(name);
  });

  it("keeps the least of two that are the same, by what was told first and then by bytes", async () => {
    const { segments } = notebook();
    const timeMs = beginMs;
    await writeRaw(segments, [line({ id: "a", timeMs, told: 2, text: "second" })]);
    await writeRaw(segments, [line({ id: "a", timeMs, told: 1, text: "zz" })]);
    await writeRaw(segments, [line({ id: "a", timeMs, told: 1, text: "first" })]);
    const { manifest } = await sealed(segments);
    const { name = "" } = manifest.segments[0] ?? {};
    const { blocks } = await readSidecarOf(segments, span, name);

    const [[bytes] = []] = await readBlocks(segments, span, name, blocks);

    expect(String(bytes)).toContain('"text":"first"');
    expect(manifest.duplicates).toBe(2);
  });

  it("keeps an identity once, also where its copies have other times", async () => {
    const { segments } = notebook();
    await writeRaw(segments, [
      line({ id: "a", timeMs: minutesMs(40) }),
      line({ id: "a", timeMs: minutesMs(2) }),
    ]);
    await sealed(segments);

    expect(await seen(segments)).toEqual([`a @ ${span}/0/0`]);
  });

  it("spreads lines that stand for several", async () => {
    const { segments } = notebook();
    await writeRaw(segments, [
      packed([
        { id: "c", timeMs: minutesMs(3) },
        { id: "a", timeMs: minutesMs(1) },
      ]),
      line({ id: "b", timeMs: minutesMs(2) }),
    ]);
    await writeRaw(segments, [packed([{ id: "a", timeMs: minutesMs(1) }])]);
    const { manifest } = await sealed(segments);

    expect(await seen(segments)).toEqual(["a", "b", "c"].map((id, index) => `${id} @ ${span}/0/${index}`));
    expect(manifest.duplicates).toBe(1);
  });

  it("writes the addresses of the segments for Athena, last", async () => {
    const { segments, store } = notebook();
    await writeNotes(segments, someNotes(10));
    const { manifest } = await sealed(segments);

    const text = (await store.get(`athena/notes/span=${span}/symlink.txt`))?.body.toString();

    expect(text).toBe(`memory://sealed/notes/span=${span}/${manifest.segments[0]?.name}.ndjson.gz\n`);
  });

  it("names the raw object that it cannot read, and shows readers nothing", async () => {
    const { segments, store } = notebook();
    await writeNotes(segments, someNotes(10));
    const key = `raw/notes/span=${span}/1-2-1-0198c1f2-7a3b-7c11-9d3e-000000000000.ndjson.gz`;
    await store.put(key, Buffer.from("no gzip at all"));

    await expect(sealSpan(segments, span, { others: [] })).rejects.toThrow(`${key} is damaged at byte 0`);
    expect(await readManifest(segments, span)).toBeUndefined();
  });

  it("leaves strange objects in the folder alone", async () => {
    const { segments, store } = notebook();
    await writeNotes(segments, someNotes(10));
    await store.put(`raw/notes/span=${span}/notes.txt`, Buffer.from("hello"));

    expect((await sealed(segments)).manifest.inputs).toHaveLength(1);
  });
});

describe("the sidecar", () => {
  it("tells of each block where it is and what is in it", async () => {
    const { segments } = notebook();
    await writeNotes(segments, someNotes(200), 40);
    const { sidecars } = await sealed(segments);
    const [sidecar] = sidecars;
    if (!sidecar) throw new Error("no segment");

    expect(sidecar).toMatchObject({ v: 1, kind: "notes", lines: 200, fromMs: beginMs, grainMs: 300_000 });
    // An hour of notes: a block for every five minutes.
    expect(sidecar.blocks.map(({ lines }) => lines)).toHaveLength(12);
    let number = 0;
    for (const block of sidecar.blocks) {
      const [lines = []] = await readBlocks(segments, span, sidecar.segment, [block]);
      const times = lines.map((bytes) => segments.kind.parse(bytes).timeMs);
      expect(block).toMatchObject({
        line: number,
        lines: lines.length,
        bytes: lines.reduce((sum, bytes) => sum + bytes.length + 1, 0),
        fromMs: Math.min(...times),
        toMs: Math.max(...times),
      });
      expect(new Set(times.map((timeMs) => Math.floor(timeMs / 300_000)))).toEqual(new Set([block.grain]));
      number += lines.length;
    }
    expect(number).toBe(200);
    const all = await readBlocks(segments, span, sidecar.segment, sidecar.blocks);
    expect(all.flat()).toHaveLength(200);
  });

  it("closes a block at 256 KiB and a segment at 32 MiB", async () => {
    const { segments } = notebook();
    const text = "x".repeat(100_000);
    for (let part = 0; part < 4; part++) {
      const notes = Array.from({ length: 100 }, (_, index) => ({
        id: `${part}-${index}`,
        timeMs: beginMs,
        text,
      }));
      await writeNotes(segments, notes, 100);
    }
    const { manifest, sidecars } = await sealed(segments);

    expect(manifest.segments).toHaveLength(2);
    for (const { blocks, bytes } of sidecars) {
      expect(bytes).toBeLessThan(33 * 1024 * 1024);
      const full = blocks.slice(0, -1);
      expect(full.every((block) => block.bytes >= 256 * 1024 && block.bytes < 256 * 1024 + 101_000)).toBe(
        true,
      );
    }
    expect(sidecars[0]?.bytes).toBeGreaterThanOrEqual(32 * 1024 * 1024);
    expect(sidecars.reduce((sum, { lines }) => sum + lines, 0)).toBe(400);
  });

  it("has the digests that entryHash would make, by set and grain", async () => {
    const { segments } = notebook();
    const notes = someNotes(90);
    await writeNotes(segments, notes);
    const { sidecars } = await sealed(segments);

    const expected = new Map<string, string[]>();
    for (const { id, timeMs, type = "", set } of notes) {
      const slot = `${set} ${Math.floor(timeMs / 300_000)}`;
      const of = expected.get(slot) ?? [];
      of.push(entryHash({ key: id, timeMs, fields: { type } }, 300_000));
      expected.set(slot, of);
    }
    const told = (sidecars[0]?.sets ?? []).flatMap(({ set, digests }) =>
      digests.map(
        ([grain, count, sum]) => [`${(set as { set: string }).set} ${grain}`, { count, sum }] as const,
      ),
    );
    expect(told.map(([slot]) => slot)).toEqual([...told.map(([slot]) => slot)].sort());
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries([...expected].map(([slot, hashes]) => [slot, digestOf(hashes)])),
    );
  });

  it("leaves out the digests of more than 256 sets, and of what is no entry", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `${index}`, timeMs: beginMs, set: `set ${index}` }));
    const setsOf = async (count: number) => {
      const { segments } = notebook();
      await writeNotes(segments, many(count), 300);
      return (await sealed(segments)).sidecars[0]?.sets;
    };

    expect(await setsOf(256)).toHaveLength(256);
    expect(await setsOf(257)).toBeUndefined();
  });

  it("counts types, and lines whose time is not their own", async () => {
    const { segments } = notebook();
    await writeRaw(segments, [
      line({ id: "a", timeMs: beginMs, type: "note.torn" }),
      line({ id: "b", timeMs: beginMs, odd: true }),
      line({ id: "c", timeMs: beginMs, type: "constructor" }),
    ]);
    const { sidecars } = await sealed(segments);

    expect(sidecars[0]?.types).toEqual({ constructor: 1, "note.taken": 1, "note.torn": 1 });
    expect(sidecars[0]?.odd).toBe(1);
  });
});

describe("a raw object that turns up after its span was sealed", () => {
  it("is sealed as one more segment: offsets never move", async () => {
    const { segments } = notebook();
    await writeNotes(segments, [{ id: "b", timeMs: minutesMs(2) }]);
    await sealed(segments);
    await writeNotes(segments, [
      { id: "a", timeMs: minutesMs(1) },
      { id: "b", timeMs: minutesMs(2) },
    ]);

    const result = await sealSpan(segments, span, { others: [] });

    expect(result).toMatchObject({ status: "sealed", lines: 1, duplicates: 1, segments: 1 });
    expect(await seen(segments)).toEqual([`b @ ${span}/0/0`, `a @ ${span}/1/0`]);
    expect(await sealSpan(segments, span, { others: [] })).toMatchObject({ status: "nothing" });
  });

  it("adds no segment when all of it is known", async () => {
    const { segments } = notebook();
    await writeNotes(segments, [{ id: "a", timeMs: beginMs }]);
    await sealed(segments);
    await writeNotes(segments, [{ id: "a", timeMs: beginMs }]);
    const { manifest } = await sealed(segments);

    expect(manifest.segments).toHaveLength(1);
    expect(manifest.inputs).toHaveLength(2);
    expect(manifest.duplicates).toBe(1);
  });
});

describe("across the edges of spans", () => {
  const setUp = () => {
    const made = notebook();
    const sealer = spanSealer(made.segments);
    return { ...made, seal: () => sealAll(made.segments, sealer), toNext: () => made.clock.advance(hourMs) };
  };

  it("seals a line once that was written on both sides of an edge", async () => {
    const { segments, clock, seal, toNext } = setUp();
    const late = { id: "late", timeMs: beginMs + hourMs - 5 };
    await writeNotes(segments, [{ id: "a", timeMs: beginMs }, late]);
    await toNext();
    await writeNotes(segments, [{ id: "b", timeMs: beginMs + hourMs }, late]);
    await clock.advance(2 * hourMs);
    await seal();

    expect(await seen(segments)).toEqual([
      `a @ ${span}/0/0`,
      `late @ ${span}/0/1`,
      "b @ 2026-11-27-02-00/0/0",
    ]);
  });

  it("seals a line once that comes again within a day, however late, and from a clock that is ahead", async () => {
    const { segments, clock, seal, toNext } = setUp();
    const first = { id: "first", timeMs: beginMs + 600_000 };
    const ahead = { id: "ahead", timeMs: beginMs + 5 * hourMs };
    await writeNotes(segments, [first, ahead]);
    await toNext();
    await seal();
    await clock.advance(23 * hourMs);
    await writeNotes(segments, [first, ahead, { id: "new", timeMs: beginMs + 600_000 }]);
    await clock.advance(2 * hourMs);
    await seal();

    expect(await seen(segments)).toEqual([
      `first @ ${span}/0/0`,
      `ahead @ ${span}/0/1`,
      "new @ 2026-11-28-01-00/0/0",
    ]);
  });

  it("looks no further back than a day: what comes again later is there twice", async () => {
    const { segments, clock, seal } = setUp();
    await writeNotes(segments, [{ id: "a", timeMs: beginMs }]);
    await clock.advance(25 * hourMs);
    await seal();
    await writeNotes(segments, [{ id: "a", timeMs: beginMs }]);
    await clock.advance(2 * hourMs);
    await seal();

    expect(await seen(segments)).toEqual([`a @ ${span}/0/0`, "a @ 2026-11-28-02-00/0/0"]);
  });

  it("knows a line again that a later span has already", async () => {
    const { segments, clock, seal, toNext } = setUp();
    const one = { id: "one", timeMs: beginMs + hourMs + 5 };
    await toNext();
    await writeNotes(segments, [one]);
    await clock.advance(2 * hourMs);
    await seal();
    // A writer whose clock was behind: its object appears in a span that is long closed.
    const behind = notebook({ store: segments.store });
    await writeNotes(behind.segments, [one, { id: "two", timeMs: beginMs }]);
    await seal();

    expect(await seen(segments)).toEqual([`two @ ${span}/0/0`, "one @ 2026-11-27-02-00/0/0"]);
  });

  it("knows a line again that was told a moment before the edge with another time", async () => {
    const { segments, clock, seal, toNext } = setUp();
    await writeNotes(segments, [{ id: "a", timeMs: beginMs + hourMs - 2_000 }]);
    await toNext();
    await writeNotes(segments, [{ id: "a", timeMs: beginMs + hourMs - 1_000 }]);
    await writeNotes(segments, [{ id: "b", timeMs: beginMs + hourMs + 1_000 }]);
    await clock.advance(2 * hourMs);
    await seal();

    expect(await seen(segments)).toEqual([`a @ ${span}/0/0`, "b @ 2026-11-27-02-00/0/0"]);
  });

  it("knows what was sealed before the edge also when a span has more lines than are remembered", async () => {
    const { segments, clock, seal } = setUp();
    // Of a publisher whose clock is ahead: its time lies in the next span.
    const ahead = { id: "ahead", timeMs: beginMs + hourMs + 50_000 };
    await writeNotes(segments, [ahead]);
    await clock.advance(2 * hourMs);
    await seal();
    const first = await readManifest(segments, span);
    const once = await onceIn(segments, beginMs + hourMs, first ? [first.manifest] : [], identitySet(10));
    for (let index = 0; index < 40; index++) {
      expect(await once.isNew(line({ id: `${index}`, timeMs: beginMs + hourMs + index }))).toBe(true);
    }

    expect(await once.isNew(line(ahead))).toBe(false);
  });
});
