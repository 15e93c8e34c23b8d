import assert from "node:assert/strict";
import {
  addDigests,
  bucketOf,
  digestOf,
  type Entry,
  emptyDigest,
  entryHash,
  indexedEntries,
  type LedgerSource,
  splitWindow,
  type Window,
  wholeSpan,
} from "../../src/reconcile/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { sourceBook } from "./source-book.ts";
import { keysListed, listed } from "./source-pages.ts";

export interface SourceConformanceOptions {
  /** The span that the source was made for. @default an hour */
  readonly spanMs?: number;
  /** The fields of the entries, always of the same names and types. @default see `sourceBook` */
  readonly fields?: (index: number) => Entry["fields"];
  /** What a key of the suite's is called in the source, where its keys have a form of their own. @default as it is */
  readonly key?: (name: string) => string;
  /**
   * Whether it also finds what it is told a wrong time of; without it, it looks elsewhere only where it is told none.
   * @default true
   */
  readonly misled?: boolean;
  /** Whether it can hold one key more than once: a table whose primary key it is cannot. @default true */
  readonly repeats?: boolean;
}

/**
 * What every `LedgerSource` must do. `make` gives a source that holds exactly these entries; it is sealed by the suite
 * where it can be. `indexedEntries` over the same data says what is right.
 *
 * @example
 * for (const { name, check } of sourceConformance(async (entries) => bookOf(await fill(entries)))) it(name, check);
 */
export function sourceConformance(
  make: (entries: readonly Entry[]) => Promise<LedgerSource> | LedgerSource,
  {
    spanMs = 3_600_000,
    fields,
    key = (name) => name,
    misled = true,
    repeats = true,
  }: SourceConformanceOptions = {},
): readonly ConformanceCheck[] {
  const { entries, repeated, startMs, endMs } = sourceBook({
    spanMs,
    key,
    repeats,
    ...(fields && { fields }),
  });
  const all = wholeSpan(startMs, endMs);
  const right = indexedEntries({ name: "what is right", entries, spanMs });
  let made: Promise<LedgerSource> | undefined;
  /** One source for all checks, sealed where it can be. */
  const source = async () => {
    made ??= (async () => {
      const fresh = await make(entries);
      await fresh.seal?.(all);
      return fresh;
    })();
    return made;
  };
  const digestOfOne = async (from: LedgerSource, window: Window) => (await from.digest([window]))[0];
  const agrees = async (from: LedgerSource, windows: readonly Window[]) =>
    assert.deepEqual(await from.digest(windows), await right.digest(windows));
  const addsUp = async (parts: readonly Window[]) => {
    const digests = await (await source()).digest(parts);
    assert.deepEqual(digests.reduce(addDigests, emptyDigest), await digestOfOne(right, all));
  };
  const cutBy = (edges: readonly number[], from: "fromMs" | "fromBucket", to: "toMs" | "toBucket") => {
    const inner = edges.filter((edge) => edge > all[from] && edge < all[to]).sort((one, two) => one - two);
    const bounds = [all[from], ...inner, all[to]];
    return bounds.slice(1).map((edge, index) => ({ ...all, [from]: bounds[index], [to]: edge }) as Window);
  };
  const check = (name: string, run: () => Promise<void>): ConformanceCheck => ({ name, check: run });

  const checks = [
    check("counts and sums up all that it holds", async () => agrees(await source(), [all])),

    check("answers digests in the order asked, of empty windows too", async () => {
      const none = wholeSpan(endMs + spanMs, endMs + 3 * spanMs);
      const spans = splitWindow(all, spanMs);
      await agrees(await source(), [none, ...spans.toReversed(), all, none, ...spans]);
      assert.deepEqual(await (await source()).digest([]), []);
    }),

    check("adds up over every split in time, on the grid of the spans", () =>
      addsUp(splitWindow(all, spanMs)),
    ),

    check("adds up over splits in time that cut spans", async () => {
      const parts = cutBy(
        [startMs + 1, startMs + spanMs / 2, endMs - spanMs - 1, endMs - 1],
        "fromMs",
        "toMs",
      );
      await addsUp(parts);
      await agrees(await source(), parts);
    }),

    check("adds up over splits by bucket, also off any grid", async () => {
      const parts = cutBy([1, 2 ** 28, 2 ** 31 + 12_345, 2 ** 32 - 1], "fromBucket", "toBucket");
      await addsUp(parts);
      await agrees(await source(), parts);
    }),

    check("sums up equally in whatever order entries came in", async () => {
      const turned = await make(entries.toReversed());
      await turned.seal?.(all);
      await agrees(turned, [all, ...splitWindow(all, spanMs)]);
    }),

    check("agrees with indexedEntries on every window of the tree", async () => {
      const subject = await source();
      let level: readonly Window[] = [all];
      while (level.length > 0) {
        const next: Window[] = [];
        for (let at = 0; at < level.length; at += 64) await agrees(subject, level.slice(at, at + 64));
        const digests = await right.digest(level);
        level.forEach((window, index) => {
          if ((digests[index]?.count ?? 0) > 8) next.push(...splitWindow(window, spanMs));
        });
        level = next;
      }
    }),

    check("lists all entries of a window, each as often as it is there", async () => {
      assert.deepEqual(texts(await listed(await source(), all)), texts(entries));
    }),

    check("lists no entry outside of the window", async () => {
      const subject = await source();
      for (const window of oddWindows(all, spanMs)) {
        const inside = entries.filter(({ key, timeMs }) => {
          const bucket = bucketOf(key);
          return (
            timeMs >= window.fromMs &&
            timeMs < window.toMs &&
            bucket >= window.fromBucket &&
            bucket < window.toBucket
          );
        });
        assert.deepEqual(texts(await listed(subject, window)), texts(inside));
      }
    }),

    check("lists what its digests count", async () => {
      const subject = await source();
      for (const window of oddWindows(all, spanMs)) {
        const hashes = (await listed(subject, window)).map((entry) => entryHash(entry, spanMs));
        assert.deepEqual(await digestOfOne(subject, window), digestOf(hashes));
      }
    }),

    check("tells of its keys, where it tells of them, what it lists of entries", async () => {
      const subject = await source();
      const fresh = await make(entries);
      for (const one of subject.keys ? [subject, fresh] : []) {
        for (const window of [all, ...oddWindows(all, spanMs)]) {
          const found = await keysListed(one, window, spanMs);
          const expected = await listed(right, window);
          const byKey = [...new Set(expected.map(({ key }) => key))].map((key) => {
            const hashes = expected
              .filter((entry) => entry.key === key)
              .map((entry) => entryHash(entry, spanMs));
            return [key, digestOf(hashes)] as const;
          });
          assert.deepEqual(found, new Map(byKey.sort(([left], [other]) => (left < other ? -1 : 1))));
        }
      }
    }),

    check("puts an entry at the edge of a span into the span that begins there", async () => {
      const edgeMs = startMs + spanMs;
      const at = entries.filter(({ timeMs }) => timeMs === edgeMs);
      assert.ok(at.length > 0);
      const subject = await source();
      assert.deepEqual(texts(await listed(subject, wholeSpan(edgeMs, edgeMs + 1))), texts(at));
      const before = entries.filter(({ timeMs }) => timeMs === edgeMs - 1);
      assert.deepEqual(texts(await listed(subject, wholeSpan(edgeMs - 1, edgeMs))), texts(before));
      await agrees(subject, [wholeSpan(startMs, edgeMs), wholeSpan(edgeMs, edgeMs + spanMs)]);
    }),

    check("looks every key up: all of its entries, in the order asked", async () => {
      const keys = [...new Set(entries.map(({ key }) => key))].toReversed();
      for (let at = 0; at < keys.length; at += 100) {
        const some = keys.slice(at, at + 100);
        const found = await (await source()).lookup(some);
        assert.deepEqual(
          found.map(texts),
          some.map((key) => texts(entries.filter((entry) => entry.key === key))),
        );
      }
    }),

    check("finds the same when it is told where to look first, rightly or wrongly", async () => {
      const asked = [...entries.filter((_, index) => index % 9 === 0), ...entries.slice(-3)];
      const keys = [...new Set([...asked.map((entry) => entry.key), key("nobody's")])];
      const times = keys.map((key) => entries.find((entry) => entry.key === key)?.timeMs ?? startMs);
      const subject = await source();
      const expected = (await subject.lookup(keys)).map(texts);
      for (const offMs of misled ? [0, 1, -spanMs, 3 * spanMs, -startMs] : [0]) {
        const found = await subject.lookup(
          keys,
          times.map((timeMs) => timeMs + offMs),
        );
        assert.deepEqual(found.map(texts), expected);
      }
    }),

    check("finds nothing for keys that it does not hold, be they ever so similar", async () => {
      const known = entries[0]?.key ?? "";
      const strange = [
        "",
        `${known} `,
        known.toUpperCase(),
        `${known}%`,
        known.slice(0, -1),
        "'; --",
        "\u{1F600}",
      ];
      const asked = strange.filter((key) => entries.every((entry) => entry.key !== key));
      const found = await (await source()).lookup([...asked, known]);
      assert.deepEqual(
        found.slice(0, -1),
        asked.map(() => []),
      );
      assert.equal(found.at(-1)?.length, entries.filter(({ key }) => key === known).length);
      assert.deepEqual(await (await source()).lookup([]), []);
    }),

    check("answers nothing at all where it holds nothing", async () => {
      const empty = await make([]);
      await empty.seal?.(all);
      assert.deepEqual(await empty.digest([all]), [emptyDigest]);
      assert.deepEqual(await listed(empty, all), []);
      assert.deepEqual(await empty.lookup(["x"]), [[]]);
    }),

    check("answers the same before it is sealed, and when it was sealed twice", async () => {
      const fresh = await make(entries);
      const windows = [all, ...oddWindows(all, spanMs)];
      await agrees(fresh, windows);
      await fresh.seal?.(wholeSpan(startMs, startMs + spanMs));
      await agrees(fresh, windows);
      await fresh.seal?.(all);
      await fresh.seal?.(all);
      await agrees(fresh, windows);
      assert.deepEqual(texts(await listed(fresh, all)), texts(entries));
    }),
  ];
  if (!repeats) return checks;
  return [
    ...checks,
    check("keeps what is there twice, also in two spans and with other fields", async () => {
      const subject = await source();
      for (const key of repeated) {
        const [found] = await subject.lookup([key]);
        assert.deepEqual(texts(found ?? []), texts(entries.filter((entry) => entry.key === key)));
        const bucket = bucketOf(key);
        await agrees(subject, [{ ...all, fromBucket: bucket, toBucket: bucket + 1 }]);
      }
    }),
  ];
}

/** Windows of all sorts: a span, part of one, several, with whole and odd ranges of buckets, one bucket, nothing. */
function oddWindows({ fromMs, toMs }: Window, spanMs: number): readonly Window[] {
  return [
    wholeSpan(fromMs, fromMs + spanMs),
    wholeSpan(fromMs + spanMs / 4, fromMs + spanMs / 2),
    wholeSpan(fromMs + spanMs / 2, toMs - spanMs / 2),
    { fromMs, toMs: fromMs + spanMs, fromBucket: 0, toBucket: 2 ** 28 },
    { fromMs: fromMs + spanMs, toMs: fromMs + 2 * spanMs, fromBucket: 3 * 2 ** 24, toBucket: 2 ** 31 },
    { fromMs, toMs, fromBucket: 2 ** 30 + 7, toBucket: 2 ** 31 + 2 ** 29 - 3 },
    { fromMs: fromMs + 1, toMs: toMs - 1, fromBucket: 2 ** 31, toBucket: 2 ** 32 },
    wholeSpan(fromMs, fromMs),
  ];
}

/** Entries as text, sorted: sets with repetitions, whatever the order of entries and fields. */
function texts(entries: readonly Entry[]): readonly string[] {
  return entries
    .map(({ key, timeMs, fields }) => JSON.stringify([key, timeMs, Object.entries(fields).sort()]))
    .sort();
}
