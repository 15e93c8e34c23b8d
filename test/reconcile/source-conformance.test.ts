import { describe, expect, it } from "@jest/globals";
import { sourceConformance } from "../../local/testing/source-conformance.ts";
import {
  bucketOf,
  digestOf,
  type Entry,
  emptyDigest,
  entryHash,
  indexedEntries,
  type LedgerSource,
} from "../../src/reconcile/index.ts";
import { hourMs } from "./books.ts";

const indexed = (entries: Parameters<Parameters<typeof sourceConformance>[0]>[0]) =>
  indexedEntries({ name: "book", entries, spanMs: hourMs });

describe("indexedEntries", () => {
  for (const { name, check } of sourceConformance(indexed)) it(name, check);

  it("looks up keys that share a bucket, and one that is asked for twice, once each", async () => {
    const [one, other] = ["k153629", "k164064"].map((key) => ({ key, timeMs: 0, fields: {} })) as [
      Entry,
      Entry,
    ];

    expect(bucketOf(one.key)).toBe(bucketOf(other.key));
    expect(await indexed([one, other]).lookup([other.key, one.key, other.key])).toEqual([
      [other],
      [one],
      [other],
    ]);
  });
});

describe("sourceConformance", () => {
  const broken: readonly [string, (good: LedgerSource) => Partial<LedgerSource>][] = [
    ["counts nothing", () => ({ digest: async (windows) => windows.map(() => emptyDigest) })],
    [
      "answers digests turned round",
      (good) => ({ digest: async (all) => (await good.digest(all)).toReversed() }),
    ],
    [
      "lists the first page only",
      (good) => ({
        entries: async (window) => ({ entries: (await good.entries(window)).entries.slice(0, 10) }),
      }),
    ],
    [
      "includes the end of a window",
      (good) => ({ entries: (window, cursor) => good.entries({ ...window, toMs: window.toMs + 1 }, cursor) }),
    ],
    [
      "turns in a circle",
      (good) => ({ entries: async (window) => ({ ...(await good.entries(window)), cursor: "again" }) }),
    ],
    [
      "finds one entry of each key",
      (good) => ({ lookup: async (keys) => (await good.lookup(keys)).map((found) => found.slice(0, 1)) }),
    ],
    [
      "tells of keys what it does not list",
      (good) => ({
        keys: async (window) => ({
          keys: (await good.entries(window)).entries.map(({ key, timeMs }) => ({
            key,
            digest: digestOf([entryHash({ key, timeMs, fields: {} }, hourMs)]),
            seenMs: timeMs,
          })),
        }),
      }),
    ],
    [
      "looks nowhere but where it is told to look first",
      (good) => ({
        lookup: async (keys, seenMs) =>
          (await good.lookup(keys)).map((found, index) =>
            found.filter(({ timeMs }) => !seenMs || timeMs === seenMs[index]),
          ),
      }),
    ],
    [
      "compares keys without case",
      (good) => ({ lookup: async (keys) => good.lookup(keys.map((key) => key.toLowerCase())) }),
    ],
  ];

  it.each(broken)("catches a source that %s", async (_, breakIt) => {
    const suite = sourceConformance((entries) => {
      const good = indexed(entries);
      return { ...good, ...breakIt(good) };
    });

    const results = await Promise.allSettled(suite.map(({ check }) => check()));

    expect(results.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
  });
});
