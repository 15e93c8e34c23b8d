import { digestOf, emptyDigest, entryHash, textOf, wordOf } from "./digest.ts";
import type { Digest, Entry, EntryPage, LedgerSource, Window } from "./ports.ts";
import { bucketOf, buckets } from "./windows.ts";

/** Entries on one page. */
const pageSize = 1_000;

/** One span of time: its entries in the order of their buckets, and the running sums of their hashes. */
interface Span {
  readonly entries: readonly Entry[];
  readonly buckets: Uint32Array;
  /** Four words for each entry: the sum of all hashes before it. One more at the end. */
  readonly sums: Uint32Array;
}

/**
 * A source over entries at hand: a file that was read, a test's own. They are put in order once, span by span; from then
 * on the digest of any window that keeps to whole spans, or lies in one, is a difference of two running sums.
 *
 * `spanMs` must be that of the comparison.
 */
export function indexedEntries({
  name,
  entries,
  spanMs,
}: {
  readonly name: string;
  readonly entries: Iterable<Entry>;
  readonly spanMs: number;
}): LedgerSource {
  const bySpan = new Map<number, Entry[]>();
  const byKey = new Map<string, Entry[]>();
  for (const entry of entries) {
    append(bySpan, Math.floor(entry.timeMs / spanMs), entry);
    append(byKey, entry.key, entry);
  }
  const spans = new Map(
    [...bySpan].sort(([one], [other]) => one - other).map(([at, some]) => [at, order(some, spanMs)]),
  );

  /** The spans of a window, with the range of their entries that lies in it; entry by entry where it cuts a span. */
  function* ranges(window: Window): Generator<{ span: Span; from: number; to: number; cut: boolean }> {
    for (const [at, span] of spans) {
      const [startMs, endMs] = [at * spanMs, (at + 1) * spanMs];
      if (endMs <= window.fromMs || startMs >= window.toMs) continue;
      yield {
        span,
        from: lowerBound(span.buckets, window.fromBucket),
        to: window.toBucket >= buckets ? span.buckets.length : lowerBound(span.buckets, window.toBucket),
        cut: startMs < window.fromMs || endMs > window.toMs,
      };
    }
  }
  const inside = ({ fromMs, toMs }: Window, { timeMs }: Entry) => timeMs >= fromMs && timeMs < toMs;

  return {
    name,
    digest: async (windows) =>
      windows.map((window) => {
        let count = 0;
        const words = new Uint32Array(4);
        const add = (digest: Digest) => {
          count += digest.count;
          for (let word = 0; word < 4; word++)
            words[word] = (words[word] as number) + wordOf(digest.sum, word);
        };
        for (const { span, from, to, cut } of ranges(window)) {
          if (!cut) add(between(span, from, to));
          else
            add(
              digestOf(
                span.entries
                  .slice(from, to)
                  .filter((entry) => inside(window, entry))
                  .map((entry) => entryHash(entry, spanMs)),
              ),
            );
        }
        return count === 0 ? emptyDigest : { count, sum: textOf(words) };
      }),
    entries: async (window, cursor): Promise<EntryPage> => {
      const found: Entry[] = [];
      const skip = Number(cursor ?? 0);
      let seen = 0;
      for (const { span, from, to } of ranges(window)) {
        for (let at = from; at < to; at++) {
          const entry = span.entries[at] as Entry;
          if (!inside(window, entry) || seen++ < skip) continue;
          if (found.length === pageSize) return { entries: found, cursor: String(skip + pageSize) };
          found.push(entry);
        }
      }
      return { entries: found };
    },
    lookup: async (keys) => keys.map((key) => byKey.get(key) ?? []),
  };
}

function order(entries: readonly Entry[], spanMs: number): Span {
  const bucketed = entries
    .map((entry) => ({ entry, bucket: bucketOf(entry.key) }))
    .sort((one, other) => one.bucket - other.bucket);
  const sums = new Uint32Array((entries.length + 1) * 4);
  bucketed.forEach(({ entry }, index) => {
    const hash = entryHash(entry, spanMs);
    for (let word = 0; word < 4; word++) {
      sums[(index + 1) * 4 + word] = (sums[index * 4 + word] as number) + wordOf(hash, word);
    }
  });
  return {
    entries: bucketed.map(({ entry }) => entry),
    buckets: Uint32Array.from(bucketed, ({ bucket }) => bucket),
    sums,
  };
}

function between({ sums }: Span, from: number, to: number): Digest {
  const words = new Uint32Array(4);
  for (let word = 0; word < 4; word++) {
    words[word] = (sums[to * 4 + word] as number) - (sums[from * 4 + word] as number);
  }
  return { count: to - from, sum: textOf(words) };
}

/** The first place whose bucket is not below this one. */
function lowerBound(sorted: Uint32Array, bucket: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < bucket) low = middle + 1;
    else high = middle;
  }
  return low;
}

function append<K>(map: Map<K, Entry[]>, key: K, entry: Entry): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}
