import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type Digest,
  digestOf,
  type Entry,
  entryHash,
  indexedEntries,
  type LedgerSource,
} from "../../src/reconcile/index.ts";
import { book, brief, counted, findings, hourMs, options, startMs } from "./books.ts";

const source = (name: string, entries: readonly Entry[]) => indexedEntries({ name, entries, spanMs: hourMs });
const change = (entry: Entry, fields: Entry["fields"]): Entry => ({
  ...entry,
  fields: { ...entry.fields, ...fields },
});

/** Two books of 500, the right one changed by `edit`. */
async function compared(edit: (entries: Entry[]) => Entry[], more = {}) {
  const left = book(500);
  return findings(source("left", left), source("right", edit([...left])), more);
}

describe("compare", () => {
  it("finds nothing in equal books, by one digest each", async () => {
    const left = counted(source("left", book(5_000)));
    const right = counted(source("right", book(5_000).reverse()));

    expect(await findings(left.source, right.source)).toEqual([]);
    expect(left.counts).toEqual({ digests: 1, items: 0, lookups: 0 });
  });

  it("classes what is missing on either side", async () => {
    expect(brief(await compared((all) => all.slice(1)))).toEqual(["missing-right transfer-0"]);
    const extra = { key: "stray", timeMs: startMs + 5, fields: {} };
    expect(brief(await compared((all) => [...all, extra]))).toEqual(["missing-left stray"]);
  });

  it("tells a mismatch field by field", async () => {
    const [found] = await compared(([first, ...rest]) => [
      change(first as Entry, { cents: -1, note: "?" }),
      ...rest,
    ]);

    expect(found).toMatchObject({
      difference: {
        class: "mismatch",
        key: "transfer-0",
        fields: [
          { field: "cents", right: -1 },
          { field: "note", left: undefined, right: "?" },
        ],
      },
    });
  });

  it("tells what is there twice, also with other fields and in another hour", async () => {
    const twice = (edit: (entry: Entry) => Entry) => compared((all) => [...all, edit(all[3] as Entry)]);

    expect(brief(await twice((entry) => entry))).toEqual(["duplicate transfer-3"]);
    expect(brief(await twice((entry) => change(entry, { cents: 1 })))).toEqual(["duplicate transfer-3"]);
    expect(brief(await twice((entry) => ({ ...entry, timeMs: entry.timeMs + 3 * hourMs })))).toEqual([
      "duplicate transfer-3",
    ]);
  });

  it("calls an equal entry late beyond the tolerance, and does not mind it within", async () => {
    const moved = (byMs: number) => (all: Entry[]) =>
      all.map((entry, index) => (index === 7 ? { ...entry, timeMs: entry.timeMs + byMs } : entry));

    expect(brief(await compared(moved(hourMs)))).toEqual(["late transfer-7"]);
    for (const byMs of [-60_000, -1, 1, 60_000]) expect(await compared(moved(byMs))).toEqual([]);
  });

  it("says nothing yet about what is still under way", async () => {
    const settledBeforeMs = startMs + 12 * hourMs;
    const left = book(500);

    const found = await findings(source("left", left), source("right", []), { settledBeforeMs });

    const settled = left.filter((entry) => entry.timeMs < settledBeforeMs);
    expect(found.filter((finding) => "difference" in finding)).toHaveLength(settled.length);
    expect(found.filter((finding) => "underWay" in finding)).toHaveLength(left.length - settled.length);
  });

  it("says that it must look again where an old entry differs and a young one is under way", async () => {
    const [old, young] = [startMs + 5, startMs + 20 * hourMs].map((timeMs) => ({
      key: "again",
      timeMs,
      fields: {},
    })) as [Entry, Entry];
    const [left, right] = [source("left", [old, young]), source("right", [young])];

    expect(brief(await findings(left, right, { settledBeforeMs: young.timeMs }))).toEqual(["under way"]);
    expect(brief(await findings(left, right, { settledBeforeMs: young.timeMs + 1 }))).toEqual([
      "duplicate again",
    ]);
  });

  it("agrees about what is there equally often, and tells when one of them changes", async () => {
    const five = Array.from({ length: 5 }, () => book(1)[0] as Entry);
    const left = source("left", five);

    expect(await findings(left, source("right", [...five]))).toEqual([]);
    expect(
      brief(
        await findings(left, source("right", [...five.slice(1), change(five[0] as Entry, { cents: 1 })])),
      ),
    ).toEqual(["mismatch transfer-0"]);
    expect(brief(await findings(left, source("right", five.slice(1))))).toEqual(["duplicate transfer-0"]);
  });

  it("works by buckets where all lies in one moment", async () => {
    const left = book(20_000).map((entry) => ({ ...entry, timeMs: startMs + 7 }));
    const right = counted(
      source(
        "right",
        left.filter((_, index) => index % 2_000 !== 1),
      ),
    );

    expect(await findings(source("left", left), right.source)).toHaveLength(10);
    expect(right.counts.items).toBeLessThan(10 * 8);
  });

  it("asks each side once for all windows that it looks into at the same time", async () => {
    const asked: number[] = [];
    const left = book(20_000);
    const right = source(
      "right",
      left.filter((_, index) => index % 20 !== 0),
    );
    const home = source("left", left);

    await findings(
      {
        ...home,
        digest: async (windows) => {
          asked.push(windows.length);
          return home.digest(windows);
        },
      },
      right,
    );

    expect(Math.max(...asked)).toBeGreaterThan(200);
    expect(asked.length).toBeLessThan(asked.reduce((sum, count) => sum + count, 0) / 100);
  });

  it("asks the home before it calls anything a difference", async () => {
    const left = book(300);
    const stale = source("right", left.slice(5));
    const home = source("right", left);
    const right = { ...stale, lookup: home.lookup };

    expect(await findings(source("left", left), right)).toEqual([]);
  });

  it("tells the home when what it looks up was seen, whichever side saw it", async () => {
    const left = book(300);
    const right = [...left.slice(1), { key: "stray", timeMs: startMs + 5, fields: {} }];
    const seen = new Map<string, number>();
    const home = source("left", left);
    const asked: LedgerSource = {
      ...home,
      lookup: async (keys, seenMs) => {
        keys.forEach((key, index) => void seen.set(key, seenMs?.[index] ?? Number.NaN));
        return home.lookup(keys);
      },
    };

    await findings(asked, source("right", right));

    expect(seen).toEqual(
      new Map([
        ["transfer-0", left[0]?.timeMs],
        ["stray", startMs + 5],
      ]),
    );
  });

  it("finds exactly what a full comparison finds, whatever is done to the books", async () => {
    const edits = fc.array(
      fc.record({
        at: fc.nat(399),
        what: fc.constantFrom("drop left", "drop right", "double right", "change", "move", "nudge"),
      }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(edits, fc.integer({ min: 1, max: 40 }), async (list, leafEntries) => {
        const left = new Map(book(400).map((entry) => [entry.key, [entry]]));
        const right = new Map(left);
        const expected = new Map<string, string>();
        for (const { at, what } of list) {
          const key = `transfer-${at}`;
          if (expected.has(key)) continue;
          const [entry] = left.get(key) as [Entry];
          if (what === "drop left") left.set(key, []);
          if (what === "drop right") right.set(key, []);
          if (what === "double right") right.set(key, [entry, entry]);
          if (what === "change") right.set(key, [change(entry, { cents: -5 })]);
          if (what === "move") right.set(key, [{ ...entry, timeMs: entry.timeMs + 7 * hourMs }]);
          if (what === "nudge") right.set(key, [{ ...entry, timeMs: entry.timeMs + 30_000 }]);
          expected.set(key, classOf[what] ?? "");
        }

        const found = await findings(
          source("left", [...left.values()].flat()),
          source("right", [...right.values()].flat()),
          { leafEntries },
        );

        const named = [...expected].filter(([, as]) => as !== "").map(([key, as]) => `${as} ${key}`);
        expect(brief(found)).toEqual(named.sort());
      }),
      { numRuns: 40 },
    );
  });

  it("reads items for the differences, not for the data", async () => {
    const items = async (count: number) => {
      const all = book(count);
      const left = counted(source("left", all));
      const right = counted(
        source(
          "right",
          all.filter((_, index) => index % (count / 20) !== 0),
        ),
      );
      expect(await findings(left.source, right.source)).toHaveLength(20);
      return left.counts.items + right.counts.items;
    };

    expect(await items(20_000)).toBeLessThan(2 * (await items(2_000)));
  });
});

const classOf: Readonly<Record<string, string>> = {
  "drop left": "missing-left",
  "drop right": "missing-right",
  "double right": "duplicate",
  change: "mismatch",
  move: "late",
};

describe("a source that cannot be believed", () => {
  const left = book(300);
  const good = source("good", left);
  const short = source("bad", left.slice(10));
  const against = async (bad: Partial<LedgerSource>) => findings(good, { ...short, ...bad });
  const codes = async (bad: Partial<LedgerSource>) => new Set(brief(await against(bad)));

  it.each<[string, Partial<LedgerSource>, string]>([
    ["throws", { digest: () => Promise.reject(new Error("connection refused")) }, "source-failed"],
    ["throws while it lists", { entries: () => Promise.reject(new Error("timeout")) }, "source-failed"],
    ["throws at its home", { lookup: () => Promise.reject(new Error("timeout")) }, "source-failed"],
    ["answers too few digests", { digest: async () => [] }, "source-answer"],
    [
      "answers no digest",
      { digest: async (all) => all.map(() => ({ count: -1, sum: "x" })) },
      "source-answer",
    ],
    [
      "lists what was not asked for",
      { entries: async () => ({ entries: [{ key: "a", timeMs: 5, fields: {} }] }) },
      "source-window",
    ],
    [
      "has a broken clock",
      { entries: async () => ({ entries: [{ key: "a", timeMs: Number.NaN, fields: {} }] }) },
      "source-time",
    ],
    ["turns in a circle", { entries: async () => ({ entries: [], cursor: "same" }) }, "source-answer"],
    [
      "turns in a wider circle",
      { entries: async (_, cursor) => ({ entries: [], cursor: String((Number(cursor ?? 0) + 1) % 7) }) },
      "source-answer",
    ],
    ["answers nothing at all", { digest: (async () => undefined) as never }, "source-failed"],
    ["lists nothing at all", { entries: (async () => undefined) as never }, "source-failed"],
    ["looks up nothing at all", { lookup: (async () => [undefined]) as never }, "source-answer"],
    [
      "tells of a time after all dates",
      { entries: async () => ({ entries: [{ key: "a", timeMs: 9e15, fields: {} }] }) },
      "source-time",
    ],
    [
      "has numbers that are none",
      { entries: async () => ({ entries: [{ key: "a", timeMs: startMs, fields: { cents: Number.NaN } }] }) },
      "source-entry",
    ],
    [
      "looks up values that cannot be compared",
      {
        lookup: async (keys) =>
          keys.map((key) => [{ key, timeMs: startMs, fields: { to: { iban: 1 } } as never }]),
      },
      "source-entry",
    ],
    ["looks up other keys", { lookup: async (keys) => keys.map(() => [left[0] as Entry]) }, "source-answer"],
  ])("that %s is unknown, and nothing of it is missing", async (_, bad, code) => {
    expect(await codes(bad)).toEqual(new Set([`unknown ${code}`]));
  });

  it("that lists other entries than it counted is unknown, where it counted any", async () => {
    const found = brief(await against({ entries: async () => ({ entries: [] }) }));

    const trulyMissing = left.slice(0, 10).map(({ key }) => `missing-right ${key}`);
    expect(found).toContain("unknown source-unstable");
    expect([...trulyMissing, "unknown source-unstable"]).toEqual(expect.arrayContaining([...found]));
  });

  it("is named, with the window and the answer", async () => {
    const [first] = await against({ digest: () => Promise.reject(new Error("connection refused")) });

    expect(first).toMatchObject({
      fault: { source: "bad", message: expect.stringContaining("digest failed (Error: connection refused)") },
    });
  });

  it("that changes while it is read is looked at again", async () => {
    let looks = 0;
    const moving: LedgerSource = {
      ...short,
      entries: async (window, cursor) => (looks++ < 3 ? { entries: [] } : short.entries(window, cursor)),
    };

    expect(brief(await findings(good, moving)).filter((one) => one.startsWith("unknown"))).toEqual([]);
  });

  it("that answers digests in another order is found out, and nothing wrong is said for it", async () => {
    const orders: readonly ((digests: readonly Digest[]) => readonly Digest[])[] = [
      (digests) => digests.toReversed(),
      (digests) => digests.toSorted((one, other) => one.count - other.count),
      (digests) => digests.toSorted((one, other) => (one.sum < other.sum ? 1 : -1)),
    ];
    const trulyMissing = left.slice(0, 10).map(({ key }) => `missing-right ${key}`);

    for (const order of orders) {
      const found = brief(await against({ digest: async (windows) => order(await short.digest(windows)) }));

      expect(found).toContain("unknown source-answer");
      expect([...trulyMissing, "unknown source-answer"]).toEqual(expect.arrayContaining([...found]));
    }
  });

  it("whose one entry cannot be is unknown about that one, and believed about the others", async () => {
    const found = await against({
      lookup: async (keys) =>
        keys.map((key) => (key === "transfer-3" ? [{ ...(left[3] as Entry), timeMs: -1 }] : [])),
    });

    expect(brief(found)).toEqual(
      [0, 1, 2, 4, 5, 6, 7, 8, 9].map((nth) => `missing-right transfer-${nth}`).concat("unknown source-time"),
    );
  });

  it("that cannot be asked about one key is unknown about that one, and asked about the others", async () => {
    let calls = 0;
    const found = await against({
      lookup: async (keys) => {
        calls++;
        if (keys.includes("transfer-3")) throw new Error("400: transfer-3 is no number");
        return short.lookup(keys);
      },
    });

    expect(brief(found)).toEqual(
      [0, 1, 2, 4, 5, 6, 7, 8, 9]
        .map((nth) => `missing-right transfer-${nth}`)
        .concat("unknown source-failed"),
    );
    expect(calls).toBeLessThan(12);
  });

  it("that is down is asked little more than once", async () => {
    let calls = 0;
    const down = () => {
      calls++;
      return Promise.reject(new Error("connection refused"));
    };

    expect(new Set(brief(await against({ lookup: down })))).toEqual(new Set(["unknown source-failed"]));
    expect(calls).toBeLessThanOrEqual(2 * 3);
  });

  it("whose clock is far ahead is unknown, and hides nothing as under way", async () => {
    const right = left.map((entry) => ({
      ...entry,
      timeMs: entry.timeMs + (entry.key === "transfer-3" ? 1e12 : 0),
    }));
    const futureMs = options.settledBeforeMs + hourMs;

    const [found] = await findings(good, source("ahead", right), { futureMs });

    expect(found).toMatchObject({
      fault: { code: "source-time", source: "ahead", message: expect.stringContaining("is to come") },
    });
  });

  it("that holds a key a million times is told of it after one page", async () => {
    const again = left[0] as Entry;
    let pages = 0;
    const sum = digestOf([entryHash(again, hourMs)]).sum.replace(/.{8}/g, (word) =>
      ((BigInt(`0x${word}`) * 1_000_000n) % 2n ** 32n).toString(16).padStart(8, "0"),
    );
    const one = source("one", [again]);
    const flood: LedgerSource = {
      name: "flood",
      digest: async (windows) =>
        (await one.digest(windows)).map((digest) =>
          digest.count === 0 ? digest : { count: 1_000_000, sum },
        ),
      entries: async (_, cursor) => {
        pages++;
        return { entries: Array.from({ length: 1_000 }, () => again), cursor: `${Number(cursor ?? 0) + 1}` };
      },
      lookup: one.lookup,
    };

    const [found] = await findings(source("left", [again]), flood);

    expect(found).toMatchObject({
      fault: { code: "source-flood", source: "flood", message: expect.stringContaining('"transfer-0"') },
    });
    expect(pages).toBe(1);
  });

  it("that holds one key over and over is no reason to fill the memory", async () => {
    const flood = source(
      "flood",
      Array.from({ length: 12_000 }, () => left[0] as Entry),
    );

    expect(brief(await findings(good, flood))).toContain("unknown source-flood");
  });
});
