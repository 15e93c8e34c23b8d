import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { archiveKind, archiver } from "../../src/archive/index.ts";
import type { ArchiveSettings } from "../../src/env.ts";
import { journaler, journalKind } from "../../src/journal/index.ts";
import { inMemoryLeases, type Leases } from "../../src/leases/index.ts";
import { sealer } from "../../src/sealer/index.ts";
import {
  type InMemoryObjects,
  inMemoryObjects,
  type ObjectStore,
  segmentsOf,
} from "../../src/segments/index.ts";
import { eventJson, notified } from "../archive/records.ts";
import { changed, item } from "../journal/stream-records.ts";
import { seen, watched } from "../segments/notes.ts";

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 10, 27, 1, 30);
const settings: ArchiveSettings = {
  v: 1,
  bus: "shop",
  account: "123456789012",
  region: "eu-central-1",
  spanMs: minuteMs,
  graceMs: 5_000,
  rawKeepMs: 604_800_000,
};

/** A bus's archive and journal in memory, with one event a minute in each. */
function world() {
  const clock = virtualClock({ startMs });
  const store = inMemoryObjects();
  const leases = inMemoryLeases({ clock });
  const lines: Record<string, unknown>[] = [];
  const sink = (line: string) => lines.push(JSON.parse(line));
  const parts = { store, leases, clock, sink };
  const archive = archiver(settings, { store, clock, sink: () => {} });
  const journal = journaler(settings, { store, clock, sink: () => {} });
  const event = async (id: string) => {
    const time = new Date(clock.nowMs()).toISOString();
    await archive({ Records: [notified(eventJson({ id, time }), { timestamp: time })] });
    await journal({ Records: [changed(item({ id, time, ended: clock.nowMs() }))] });
  };
  const context = (leftMs = 900_000) => {
    const deadlineMs = clock.nowMs() + leftMs;
    return { getRemainingTimeInMillis: () => deadlineMs - clock.nowMs() };
  };
  const sealed = async (kind: "archive" | "journal", from: ObjectStore = store) => {
    const { spanMs } = settings;
    const segments = segmentsOf({
      store: from,
      kind: kind === "archive" ? archiveKind : journalKind,
      spanMs,
      clock,
    });
    return (await seen(segments, { unsealed: false })).map(
      (one) => one.split("\n")[kind === "archive" ? 1 : 2],
    );
  };
  const metrics = (kind: string) => lines.filter((line) => line.Kind === kind);
  return { clock, store, leases, parts, lines, event, context, sealed, metrics };
}

/** Three closed spans of each kind. */
async function threeSpans() {
  const made = world();
  for (const id of ["a", "b", "c"]) {
    await made.event(id);
    await made.clock.advance(minuteMs);
  }
  await made.clock.advance(5_000);
  return made;
}

describe("sealer", () => {
  it("seals every closed span of both kinds, and tells how it went", async () => {
    const { parts, context, sealed, event, metrics } = await threeSpans();
    await event("open");

    const result = await sealer(settings, parts)({}, context());

    expect(result.archive).toEqual({
      status: "done",
      spans: 3,
      lines: 3,
      duplicates: 0,
      lagMs: 0,
      failures: [],
    });
    expect(result.journal).toEqual(result.archive);
    expect(await sealed("archive")).toEqual(["a", "b", "c"]);
    expect(await sealed("journal")).toEqual(["a", "b", "c"]);
    for (const kind of ["archive", "journal"]) {
      expect(metrics(kind)).toEqual([
        expect.objectContaining({
          Bus: "shop",
          SealedSpans: 3,
          SealedLines: 3,
          SealedDuplicates: 0,
          SealFailed: 0,
          SealLagMs: 0,
        }),
      ]);
    }
  });

  it("counts what was told twice", async () => {
    const { parts, context, event, clock, metrics } = world();
    await event("a");
    await event("a");
    await clock.advance(2 * minuteMs);

    await sealer(settings, parts)({}, context());

    expect(metrics("archive")).toEqual([expect.objectContaining({ SealedLines: 1, SealedDuplicates: 1 })]);
  });

  it("leaves a kind alone that another seals", async () => {
    const { parts, context, sealed, leases, clock } = await threeSpans();
    await leases.take("seal#archive", "another", clock.nowMs() + 10_000);

    const result = await sealer(settings, parts)({}, context());

    expect([result.archive.status, result.journal.status]).toEqual(["held", "done"]);
    expect(await sealed("archive")).toEqual([]);
    expect(await sealed("journal")).toEqual(["a", "b", "c"]);
    await clock.advance(10_000);
    expect((await sealer(settings, parts)({}, context())).archive.spans).toBe(3);
  });

  it("gives the leases back", async () => {
    const { parts, context, leases, clock } = await threeSpans();
    await sealer(settings, parts)({}, context());

    for (const kind of ["archive", "journal"]) {
      expect(await leases.take(`seal#${kind}`, "next", clock.nowMs() + 1)).toEqual({ status: "ours" });
    }
  });

  it("begins nothing when the invocation is about to end, says how far behind it is, and goes on next time", async () => {
    const { parts, context, sealed, store, clock, metrics } = await threeSpans();
    const run = sealer(settings, {
      ...parts,
      store: watched(store, (call, key) =>
        // A minute goes by with the first manifest.
        call === "put" && key.endsWith("manifest.json") ? clock.advance(minuteMs) : undefined,
      ),
    });

    const { archive } = await run({}, context(minuteMs));

    expect(archive).toMatchObject({ status: "out-of-time", spans: 1, lines: 1 });
    expect(await sealed("archive")).toEqual(["a"]);
    // The second span could be sealed since the fifth second of the third, a minute and more ago.
    expect(metrics("archive")).toEqual([
      expect.objectContaining({ SealedSpans: 1, SealLagMs: archive.lagMs }),
    ]);
    expect(archive.lagMs).toBeGreaterThanOrEqual(2 * minuteMs);
    expect((await sealer(settings, parts)({}, context())).archive).toMatchObject({ spans: 2, lagMs: 0 });
  });

  it("stops in the middle of a span when its lease was lost, and shows nothing of it", async () => {
    const { parts, context, sealed, store, leases, clock } = await threeSpans();
    let puts = 0;
    const run = sealer(settings, {
      ...parts,
      store: watched(store, async (call, key) => {
        if (call !== "put" || !key.startsWith("sealed/archive") || ++puts !== 1) return;
        // It hangs, longer than its lease; another takes over.
        await clock.advance(61_000);
        await leases.take("seal#archive", "another", clock.nowMs() + 60_000);
      }),
    });

    const { archive } = await run({}, context());

    expect(archive).toMatchObject({ status: "held", spans: 0 });
    expect(await sealed("archive")).toEqual([]);
    expect((await leases.take("seal#archive", "third", clock.nowMs() + 1)).status).toBe("held");
  });

  it("keeps its lease as long as it works", async () => {
    const { parts, context, store, leases, clock } = await threeSpans();
    const others: string[] = [];
    const run = sealer(settings, {
      ...parts,
      store: watched(store, async (call, key) => {
        if (call !== "put" || !key.includes("archive")) return;
        await clock.advance(15_000);
        others.push((await leases.take("seal#archive", "another", clock.nowMs() + 1)).status);
      }),
    });

    expect((await run({}, context())).archive).toMatchObject({ status: "done", spans: 3 });
    expect(others.length).toBeGreaterThan(8);
    expect(new Set(others)).toEqual(new Set(["held"]));
  });

  it("seals the others when one cannot be sealed, and throws in the end", async () => {
    const { parts, context, sealed, store, lines, metrics } = await threeSpans();
    const bad = "raw/archive/span=2026-11-27-01-31/1-2-1-0198c1f2-7a3b-7c11-9d3e-000000000000.ndjson.gz";
    await store.put(bad, Buffer.from("no gzip at all, this"));

    await expect(sealer(settings, parts)({}, context())).rejects.toThrow(`${bad} is damaged at byte 0`);

    expect(await sealed("archive")).toEqual(["a", "c"]);
    expect(await sealed("journal")).toEqual(["a", "b", "c"]);
    expect(metrics("archive")).toEqual([
      expect.objectContaining({ SealedSpans: 2, SealFailed: 1, SealLagMs: minuteMs }),
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: "a span of the archive could not be sealed",
        span: "2026-11-27-01-31",
        reason: expect.stringContaining(`${bad} is damaged`),
      }),
    );
  });

  it("throws when the store cannot be listed, and seals the other kind", async () => {
    const { parts, context, sealed, store } = await threeSpans();
    const run = sealer(settings, {
      ...parts,
      store: watched(store, (call, key) => {
        if (call === "folders" && key.startsWith("raw/archive")) throw new Error("503");
      }),
    });

    await expect(run({}, context())).rejects.toThrow("503");

    expect(await sealed("journal")).toEqual(["a", "b", "c"]);
  });

  it("ends in one state when five are started at once", async () => {
    const { parts, context, sealed, store, clock } = await threeSpans();
    const runs = await Promise.all([1, 2, 3, 4, 5].map(() => sealer(settings, parts)({}, context())));

    expect(runs.filter(({ archive }) => archive.status === "done")).toHaveLength(1);
    expect(runs.filter(({ archive }) => archive.status === "held")).toHaveLength(4);
    expect(await sealed("archive")).toEqual(["a", "b", "c"]);
    const sealedBefore = keys(store);
    await clock.advance(minuteMs);
    await sealer(settings, parts)({}, context());
    expect(keys(store)).toEqual(sealedBefore);
  });

  it("stays in one hand also where a lease's keeper does nothing at all", async () => {
    const { parts, context, sealed } = await threeSpans();
    const everybody: Leases = {
      take: async () => ({ status: "ours" }),
      renew: async () => true,
      release: async () => {},
    };

    await Promise.all(
      [1, 2, 3, 4, 5].map(() => sealer(settings, { ...parts, leases: everybody })({}, context())),
    );

    expect(await sealed("archive")).toEqual(["a", "b", "c"]);
    expect(await sealed("journal")).toEqual(["a", "b", "c"]);
  });

  it("removes raw objects a while after they were sealed, and none that were not", async () => {
    const { parts, context, store, clock, sealed } = await threeSpans();
    const raw = () => [...store.objects.keys()].filter((key) => key.startsWith("raw/"));
    const seal = (on: ObjectStore = store) => sealer(settings, { ...parts, store: on })({}, context());
    await seal();
    await clock.advance(settings.rawKeepMs - 3 * minuteMs);
    // Too late to be sealed, and so the only copy of what is in it.
    const [first = ""] = raw();
    const stray = first.replace(/[0-9a-f]{4}\.ndjson/, "0000.ndjson");
    await store.put(stray, store.objects.get(first)?.body ?? Buffer.alloc(0));
    const refuse = async () => {
      throw new Error("S3 deletes nothing today");
    };

    await seal();
    expect(raw()).toHaveLength(7);
    await clock.advance(5 * minuteMs);
    await seal({ ...store, delete: refuse });
    expect(raw()).toHaveLength(7);
    await seal();

    expect(raw()).toEqual([stray]);
    expect(await sealed("archive")).toEqual(["a", "b", "c"]);
    expect(await sealed("journal")).toEqual(["a", "b", "c"]);
  });
});

function keys(store: InMemoryObjects): readonly string[] {
  return [...store.objects.keys()].sort();
}
