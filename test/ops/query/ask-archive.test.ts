import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { openBusArchive } from "../../../ops/archive/index.ts";
import { copyCache } from "../../../ops/query/copy-cache.ts";
import { type AskOptions, askArchive, type FetchProgress } from "../../../ops/query/index.ts";
import { localLines } from "../../../ops/query/local-lines.ts";
import { workFolder } from "../../../ops/query/work-folder.ts";
import { inMemoryObjects, type ObjectStore } from "../../../src/segments/index.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { watched } from "../../segments/notes.ts";
import { beginMs, keptBus, minuteMs } from "../archive/kept-bus.ts";

const folder = temporaryFolder();
let folders = 0;
const newFolder = () => join(folder, String(folders++));

/** Three spans of two events, each with an end; the first two are sealed. */
async function threeSpans() {
  const bus = keptBus();
  for (const id of ["a", "b"]) {
    await bus.events({ id: `${id}1` }, { id: `${id}2` });
    await bus.ends({ id: `${id}1` });
    await bus.clock.advance(minuteMs);
  }
  await bus.clock.advance(5_000);
  await bus.seal();
  await bus.events({ id: "c1" }, { id: "c2" });
  return bus;
}

/** Asks, and answers the rows with what it took: which objects were fetched, and what came of it. */
async function asking(
  bus: Awaited<ReturnType<typeof threeSpans>>,
  options: Partial<AskOptions> & { store?: ObjectStore } = {},
) {
  const fetched: string[] = [];
  const store = watched(options.store ?? bus.store, (call, key) => {
    if (call === "get" && key.endsWith(".gz")) fetched.push(key.replace(/\/[^/]*$/, ""));
  });
  const archive = await openBusArchive({ bus: "shop", store, clock: bus.clock });
  const progress: FetchProgress[] = [];
  const { answer, costs, close } = await askArchive({
    archive,
    sql: "select string_agg(id, ' ' order by id) from archive",
    onProgress: (now) => progress.push(now),
    ...options,
  });
  const rows: unknown[] = [];
  for await (const page of answer.pages) rows.push(...page.flat());
  close();
  return { rows, costs, fetched: fetched.sort(), progress };
}

describe("askArchive", () => {
  it("fetches the kinds that are asked for, segments of sealed spans and raw objects of the others", async () => {
    const bus = await threeSpans();

    const { rows, fetched, costs } = await asking(bus);

    expect(rows).toEqual(["a1 a2 b1 b2 c1 c2"]);
    expect(fetched).toEqual([
      "raw/archive/span=2026-11-27-01-32",
      "sealed/archive/span=2026-11-27-01-30",
      "sealed/archive/span=2026-11-27-01-31",
    ]);
    expect(costs).toMatchObject({ spans: 3, openSpans: 1, objects: 3, allObjects: 3, cached: 0 });
    expect((await asking(bus, { sql: "select 1" })).fetched).toEqual([]);
    const both = await asking(bus, { sql: "select count(*) from archive join journal using (source, id)" });
    expect(both.rows).toEqual([2]);
    expect(both.fetched).toHaveLength(5);
  });

  it.each([
    [1, 3, "b1 b2 c1 c2"],
    [0.5, undefined, "a1 a2 b1 b2 c1 c2"],
    [undefined, 1, "a1 a2"],
    [1, 2, "b1 b2"],
    [2, undefined, "c1 c2"],
    [9, undefined, null],
  ])("leaves out spans that ended before minute %j or began at %j or later", async (from, to, ids) => {
    const bus = await threeSpans();
    const ms = (minute: number | undefined) =>
      minute === undefined ? undefined : beginMs + minute * minuteMs;

    const { rows } = await asking(bus, { fromMs: ms(from), toMs: ms(to) });

    expect(rows).toEqual([ids]);
  });

  it("tells how far it is, of all that it needs", async () => {
    const bus = await threeSpans();

    const { progress } = await asking(bus, { sql: "select count(*) from archive, journal" });

    expect(progress.map(({ objects, allObjects }) => `${objects}/${allObjects}`)).toEqual([
      "1/5",
      "2/5",
      "3/5",
      "4/5",
      "5/5",
    ]);
    expect(progress.at(-1)?.fetchedBytes).toBeGreaterThan(500);
  });

  it("keeps copies of segments, and fetches only what is new", async () => {
    const bus = await threeSpans();
    const cacheFolder = newFolder();
    await asking(bus, { cacheFolder });

    const again = await asking(bus, { cacheFolder });
    await bus.clock.advance(minuteMs + 5_000);
    await bus.seal();
    const later = await asking(bus, { cacheFolder });

    expect(again.fetched).toEqual(["raw/archive/span=2026-11-27-01-32"]);
    expect(again.rows).toEqual(["a1 a2 b1 b2 c1 c2"]);
    expect(again.costs).toMatchObject({ objects: 3, cached: 2 });
    expect(later.fetched).toEqual(["sealed/archive/span=2026-11-27-01-32"]);
    expect(later.rows).toEqual(["a1 a2 b1 b2 c1 c2"]);
    // For this user's eyes alone, and nothing else is left.
    expect(readdirSync(cacheFolder)).toEqual(["segments"]);
    const copies = readdirSync(join(cacheFolder, "segments"));
    expect(copies).toHaveLength(3);
    for (const name of copies) {
      expect(statSync(join(cacheFolder, "segments", name)).mode & 0o077).toBe(0);
    }
    expect(statSync(join(cacheFolder, "segments")).mode & 0o077).toBe(0);
  });

  it("answers without a cache that cannot be written to, and says so", async () => {
    const bus = await threeSpans();
    const file = newFolder();
    writeFileSync(file, "");
    const notes: string[] = [];

    const { rows } = await asking(bus, { cacheFolder: join(file, "x"), onNote: (text) => notes.push(text) });

    expect(rows).toEqual(["a1 a2 b1 b2 c1 c2"]);
    expect(notes).toEqual([expect.stringMatching(/^copies are not kept: .* cannot be written to \(ENOTDIR/)]);
  });

  it("looks at a question before it fetches anything", async () => {
    const bus = await threeSpans();
    const fetched: string[] = [];
    const store = watched(bus.store, (_, key) => {
      fetched.push(key);
    });
    const archive = await openBusArchive({ bus: "shop", store, clock: bus.clock });
    fetched.length = 0;

    await expect(askArchive({ archive, sql: "select nosuch from archive" })).rejects.toMatchObject({
      code: "sql",
    });
    expect(fetched).toEqual([]);
  });

  it("takes no segment whose bytes are others", async () => {
    const bus = await threeSpans();
    const store = inMemoryObjects();
    for await (const { key } of bus.store.list("")) {
      const body = (await bus.store.get(key))?.body ?? Buffer.alloc(0);
      await store.put(
        key,
        key.includes("sealed/archive/span=2026-11-27-01-31") && key.endsWith(".gz")
          ? body.fill(0, 20, 30)
          : body,
      );
    }
    const cacheFolder = newFolder();

    await expect(asking(bus, { store, cacheFolder })).rejects.toMatchObject({
      code: "segment-damaged",
      message: expect.stringContaining("sealed/archive/span=2026-11-27-01-31/"),
    });
    expect(readdirSync(cacheFolder)).toEqual(["segments"]);
  });

  it("ends when it is told to, and leaves nothing", async () => {
    const bus = await threeSpans();
    const cacheFolder = newFolder();
    const controller = new AbortController();

    await expect(
      asking(bus, { cacheFolder, signal: controller.signal, onProgress: () => controller.abort() }),
    ).rejects.toMatchObject({ code: "interrupted" });
    expect(readdirSync(cacheFolder)).toEqual(["segments"]);
  });

  it("does not fetch a year unasked", async () => {
    const bus = keptBus();
    await bus.events({ id: "a" });
    await bus.clock.advance(minuteMs + 5_000);
    await bus.seal();
    const key = "sealed/archive/span=2026-11-27-01-30/manifest.json";
    const manifest = JSON.parse(String((await bus.store.get(key))?.body));
    manifest.segments[0].bytes = 9 * 1024 ** 3;
    await bus.store.put(key, Buffer.from(JSON.stringify(manifest)));

    await expect(asking(bus)).rejects.toMatchObject({
      code: "too-much",
      message:
        "all there is: 1 spans, 9.0 GiB unpacked: give --from (and --to), as in --from 24h; --from 2026-11-27 is all of it",
    });
    expect((await asking(bus, { fromMs: 0 })).rows).toEqual(["a"]);
  });
});

describe("localLines", () => {
  it("puts span and offset in front, also where the last line has no end", () => {
    const lines = Buffer.from('{"a":1}\n{"b":"é"}');

    expect(String(localLines(lines, { span: "s", offset: { segment: 2 } }))).toBe(
      '{"span":"s","offset":"s/2/0","a":1}\n{"span":"s","offset":"s/2/1","b":"é"}\n',
    );
    expect(String(localLines(lines, { span: "s" }))).toBe('{"span":"s","a":1}\n{"span":"s","b":"é"}\n');
    expect(String(localLines(Buffer.alloc(0), { span: "s" }))).toBe("");
  });
});

describe("copyCache", () => {
  const nowMs = beginMs;
  const clock = { ...keptBus().clock, nowMs: () => nowMs };
  const minutesAgo = (path: string, minutes: number) => {
    const at = new Date(nowMs - minutes * minuteMs);
    utimesSync(path, at, at);
  };

  it("removes what was not used for longest, and nothing that may be in use", () => {
    const cache = copyCache(newFolder(), { maxBytes: 250, clock });
    for (const [name, minutes] of [
      ["old", 60],
      ["older", 90],
      ["oldest", 120],
      ["new", 5],
    ] as const) {
      writeFileSync(cache.pathOf(name), "x".repeat(100));
      minutesAgo(cache.pathOf(name), minutes);
    }
    expect(cache.has("oldest")).toBe(true);
    expect(cache.has("never")).toBe(false);

    cache.trim();

    expect(["old", "older", "oldest", "new"].filter((name) => cache.has(name))).toEqual(["oldest", "new"]);
    copyCache(join(cache.pathOf("x"), ".."), { maxBytes: 1, clock }).trim();
    expect(cache.has("new")).toBe(true);
  });
});

describe("workFolder", () => {
  it("removes what a killed question has left a day ago, and no other", () => {
    const parent = newFolder();
    const clock = keptBus().clock;
    const left = ["omnibus-question-old", "omnibus-question-new", "something-else"].map((name) =>
      join(parent, name),
    );
    for (const [index, path] of left.entries()) {
      mkdirSync(path, { recursive: true });
      const at = new Date(clock.nowMs() - (index === 1 ? 1 : 25) * 3_600_000);
      utimesSync(path, at, at);
    }

    const made = workFolder(parent, clock);
    expect(readdirSync(parent).sort()).toEqual(
      ["omnibus-question-new", "something-else", made.path.slice(parent.length + 1)].sort(),
    );
    made.remove();
    expect(readdirSync(parent).sort()).toEqual(["omnibus-question-new", "something-else"]);
  });
});
