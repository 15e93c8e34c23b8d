import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Entry, indexedEntries, type LedgerSource } from "../../src/reconcile/index.ts";
import { book, brief, counted, findings, hourMs, startMs } from "./books.ts";

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
    expect(found).toHaveLength(settled.length);
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

  it("that holds one key over and over is no reason to fill the memory", async () => {
    const flood = source(
      "flood",
      Array.from({ length: 12_000 }, () => left[0] as Entry),
    );

    expect(brief(await findings(good, flood))).toContain("unknown source-flood");
  });
});
