import { describe, expect, it } from "@jest/globals";
import { listSpans, parseOffset, type Segments, writeRaw } from "../../src/segments/index.ts";
import { beginMs, hourMs, line, notebook, sealAll, seen, watched } from "./notes.ts";

const minutesMs = (minutes: number) => beginMs + minutes * 60_000;
const idOf = (text: string) => text.split(" ")[0] ?? "";

/** Three spans: one sealed in two segments, one sealed, one not. A note every ten minutes, and some that are late. */
async function threeSpans() {
  const made = notebook();
  const { segments, clock } = made;
  const behind = notebook({ store: segments.store });
  const write = (minutes: readonly number[]) =>
    writeRaw(
      segments,
      minutes.map((minute) => line({ id: `n${minute}`, timeMs: minutesMs(minute) })),
    );
  await write([0, 10, 20, 30, 40, 50]);
  await clock.advance(hourMs);
  await write([55, 60, 70, 80, 90]);
  await clock.advance(hourMs + 120_000);
  await sealAll(segments);
  await writeRaw(behind.segments, [line({ id: "n5", timeMs: minutesMs(5) })]);
  await sealAll(segments);
  await write([100, 125]);
  await write([90, 120, 125]);
  return made;
}

describe("readLines", () => {
  it("reads sealed spans in the order of offsets, then what is not sealed, each line once", async () => {
    const { segments } = await threeSpans();

    expect(await seen(segments)).toEqual([
      "n0 @ 2026-11-27-01-00/0/0",
      "n10 @ 2026-11-27-01-00/0/1",
      "n20 @ 2026-11-27-01-00/0/2",
      "n30 @ 2026-11-27-01-00/0/3",
      "n40 @ 2026-11-27-01-00/0/4",
      "n50 @ 2026-11-27-01-00/0/5",
      "n5 @ 2026-11-27-01-00/1/0",
      "n55 @ 2026-11-27-02-00/0/0",
      "n60 @ 2026-11-27-02-00/0/1",
      "n70 @ 2026-11-27-02-00/0/2",
      "n80 @ 2026-11-27-02-00/0/3",
      "n90 @ 2026-11-27-02-00/0/4",
      "n100",
      "n120",
      "n125",
    ]);
  });

  it("reads from any offset on", async () => {
    const { segments } = await threeSpans();
    const all = await seen(segments);

    for (const [index, one] of all.entries()) {
      const from = parseOffset(one.split(" @ ")[1] ?? "");
      if (from) expect(await seen(segments, { from })).toEqual(all.slice(index));
    }
    expect(await seen(segments, { from: { span: "2026-11-27-01-00", segment: 7, line: 0 } })).toEqual(
      all.slice(7),
    );
    expect(await seen(segments, { from: { span: "2026-11-27-01-00", segment: 0, line: 900 } })).toEqual(
      all.slice(6),
    );
  });

  it("reads the lines of a time, wherever they lie", async () => {
    const { segments } = await threeSpans();
    const between = async (from: number, to: number) =>
      (await seen(segments, { fromMs: minutesMs(from), toMs: minutesMs(to) })).map(idOf);

    expect(await between(0, 20)).toEqual(["n0", "n10", "n5"]);
    expect(await between(50, 61)).toEqual(["n50", "n55", "n60"]);
    expect(await between(90, 121)).toEqual(["n90", "n100", "n120"]);
    expect(await between(126, 1_000)).toEqual([]);
  });

  it("leaves out what is not sealed when it is told to", async () => {
    const { segments } = await threeSpans();

    expect((await seen(segments, { unsealed: false })).map(idOf).at(-1)).toBe("n90");
  });

  it("reads no more of the store than it has to", async () => {
    const { segments } = await threeSpans();
    const gets: string[] = [];
    const store = watched(segments.store, (call, key) => {
      if (call === "get") gets.push(key.split("/").at(-1) ?? "");
    });

    await seen({ ...segments, store }, { fromMs: minutesMs(60), toMs: minutesMs(70), unsealed: false });

    // The spans' manifests; of one segment its sidecar and one range of bytes.
    expect(gets.map((name) => name.replace(/^[0-9a-f]{32}/, "*"))).toEqual([
      "manifest.json",
      "manifest.json",
      "*.json",
      "*.ndjson.gz",
      "manifest.json",
    ]);
  });

  it("misses nothing of a span that is sealed under its eyes", async () => {
    const { segments, clock } = await threeSpans();
    await clock.advance(2 * hourMs);
    let unsealed = false;
    const store = watched(segments.store, async (call, key) => {
      // Between the look at its manifest and the look at what is sealed beside it.
      if (call === "folders" && unsealed) await sealAll(segments);
      unsealed = key.includes("2026-11-27-03-00");
    });

    expect((await seen({ ...segments, store })).map(idOf).slice(-3)).toEqual(["n100", "n120", "n125"]);
  });

  it("reads nothing where nothing was written", async () => {
    expect(await seen(notebook().segments)).toEqual([]);
  });
});

describe("listSpans", () => {
  const spansOf = async (segments: Segments, options = {}) => {
    const found = [];
    for await (const span of listSpans(segments, options)) found.push(span);
    return found;
  };

  it("names each span once, in order, from a time on", async () => {
    const { segments, store } = await threeSpans();
    await store.put("sealed/notes/other/file", Buffer.from("x"));
    await store.put("sealed/notes/span=2026-11-27-00-00/left-over.json", Buffer.from("x"));

    const all = ["2026-11-27-00-00", "2026-11-27-01-00", "2026-11-27-02-00", "2026-11-27-03-00"];
    expect(await spansOf(segments)).toEqual(all);
    expect(await spansOf(segments, { fromMs: beginMs })).toEqual(all.slice(1));
    expect(await spansOf(segments, { fromMs: beginMs + 1 })).toEqual(all.slice(2));
  });
});
