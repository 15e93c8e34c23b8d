import { buckets, type Digest, emptyDigest, textOf, wordOf } from "../digest/index.ts";
import type { Window } from "./ports.ts";

/** What is known of an entry without having it at hand: 40 bytes of it. */
export interface Indexed {
  readonly span: number;
  readonly bucket: number;
  readonly hash: string;
  /** Where the entry is: a place in a list, an offset in a file. */
  readonly at: number;
}

/** A run of entries in the order of their buckets, all of one span. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
  /** The window ends inside of the span: entry by entry must be looked at. */
  readonly cut: boolean;
}

/**
 * Entries by span and bucket, in flat arrays with running sums: the digest of any range of buckets in a span is a
 * difference of two sums.
 */
export function entryIndex(spanMs: number) {
  let length = 0;
  let raw = columns(1_024);
  /** First and last place of each span, in order; made once, when all is in. */
  let spans: readonly { readonly span: number; readonly from: number; readonly to: number }[] = [];
  let sums = new Uint32Array(4);

  const ranges = function* ({ fromMs, toMs, fromBucket, toBucket }: Window): Generator<IndexRange> {
    const first = Math.floor(fromMs / spanMs);
    for (
      let nth = lowerBound(spans.length, (at) => (spans[at]?.span ?? 0) < first);
      nth < spans.length;
      nth++
    ) {
      const one = spans[nth];
      if (!one || one.span * spanMs >= toMs || fromMs >= toMs) return;
      const place = (bucket: number) =>
        one.from + lowerBound(one.to - one.from, (at) => (raw.buckets[one.from + at] ?? 0) < bucket);
      yield {
        from: fromBucket <= 0 ? one.from : place(fromBucket),
        to: toBucket >= buckets ? one.to : place(toBucket),
        cut: one.span * spanMs < fromMs || (one.span + 1) * spanMs > toMs,
      };
    }
  };

  return {
    add({ span, bucket, hash, at }: Indexed): void {
      if (!(span >= 0)) throw new Error("its time is not one of milliseconds since the epoch");
      if (length === raw.buckets.length) raw = grown(raw);
      raw.spans[length] = span;
      raw.buckets[length] = bucket;
      raw.at[length] = at;
      for (let word = 0; word < 4; word++) raw.words[length * 4 + word] = wordOf(hash, word);
      length++;
    },

    /** Puts all in order; nothing may be added from then on. */
    order(): void {
      const order = new Uint32Array(length).map((_, index) => index);
      const { spans: allSpans, buckets: allBuckets, at, words } = raw;
      const difference = (all: { readonly [index: number]: number }, one: number, other: number) =>
        (all[one] ?? 0) - (all[other] ?? 0);
      order.sort(
        (one, other) =>
          difference(allSpans, one, other) ||
          difference(allBuckets, one, other) ||
          difference(at, one, other),
      );
      sums = new Uint32Array((length + 1) * 4);
      order.forEach((from, to) => {
        for (let word = 0; word < 4; word++) {
          sums[(to + 1) * 4 + word] = (sums[to * 4 + word] ?? 0) + (words[from * 4 + word] ?? 0);
        }
      });
      raw = {
        spans: Float64Array.from(order, (from) => allSpans[from] ?? 0),
        buckets: Uint32Array.from(order, (from) => allBuckets[from] ?? 0),
        at: Float64Array.from(order, (from) => at[from] ?? 0),
        words: new Uint32Array(0),
      };
      const found: { span: number; from: number; to: number }[] = [];
      for (let index = 0; index < length; index++) {
        const span = raw.spans[index] ?? 0;
        const last = found.at(-1);
        if (last?.span === span) last.to = index + 1;
        else found.push({ span, from: index, to: index + 1 });
      }
      spans = found;
    },

    ranges,
    at: (place: number): number => raw.at[place] ?? 0,

    digest({ from, to }: IndexRange): Digest {
      if (to <= from) return emptyDigest;
      const words = new Uint32Array(4);
      for (let word = 0; word < 4; word++)
        words[word] = (sums[to * 4 + word] ?? 0) - (sums[from * 4 + word] ?? 0);
      return { count: to - from, sum: textOf(words) };
    },

    /** The places of all entries of a bucket, in whatever span. */
    *inBucket(bucket: number): Generator<number> {
      const window = {
        fromMs: Number.NEGATIVE_INFINITY,
        toMs: Number.POSITIVE_INFINITY,
        fromBucket: bucket,
        toBucket: bucket + 1,
      };
      for (const { from, to } of ranges(window)) for (let place = from; place < to; place++) yield place;
    },
  };
}

export type EntryIndex = ReturnType<typeof entryIndex>;

/** The first place, of `count`, that is not below. */
function lowerBound(count: number, isBelow: (at: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function columns(size: number) {
  return {
    spans: new Float64Array(size),
    buckets: new Uint32Array(size),
    at: new Float64Array(size),
    words: new Uint32Array(size * 4),
  };
}

function grown(raw: ReturnType<typeof columns>) {
  const more = columns(raw.buckets.length * 2);
  more.spans.set(raw.spans);
  more.buckets.set(raw.buckets);
  more.at.set(raw.at);
  more.words.set(raw.words);
  return more;
}
