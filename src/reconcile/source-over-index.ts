import { addDigests, bucketOf, digestOf, type Entry, emptyDigest, entryHash } from "../digest/index.ts";
import { mostLookedUp, tooManyEntries } from "./entries-of-keys.ts";
import type { EntryIndex } from "./entry-index.ts";
import type { LedgerSource, Window } from "./ports.ts";

/** Entries on one page, and entries that are read together. */
const pageSize = 1_000;

/** Entries that an index was made of, wherever they are. */
export interface IndexedBook {
  readonly index: EntryIndex;
  /** Reads the entries that were indexed with these `at`s. */
  read(ats: readonly number[]): Promise<readonly Entry[]> | readonly Entry[];
}

/** A source over an ordered index; `book` is asked for it anew each time, as it may change. */
export function sourceOverIndex({
  name,
  spanMs,
  book,
}: {
  readonly name: string;
  readonly spanMs: number;
  readonly book: () => Promise<IndexedBook> | IndexedBook;
}): LedgerSource {
  const inTime =
    ({ fromMs, toMs }: Window) =>
    ({ timeMs }: Entry) =>
      timeMs >= fromMs && timeMs < toMs;
  const readAll = async function* ({ index, read }: IndexedBook, from: number, to: number) {
    for (let at = from; at < to; at += pageSize) {
      const places = Array.from({ length: Math.min(pageSize, to - at) }, (_, nth) => index.at(at + nth));
      yield await read(places);
    }
  };
  const digestOfOne = async (at: IndexedBook, window: Window) => {
    let digest = emptyDigest;
    for (const range of at.index.ranges(window)) {
      if (!range.cut) digest = addDigests(digest, at.index.digest(range));
      else {
        for await (const entries of readAll(at, range.from, range.to)) {
          const hashes = entries.filter(inTime(window)).map((entry) => entryHash(entry, spanMs));
          digest = addDigests(digest, digestOf(hashes));
        }
      }
    }
    return digest;
  };

  return {
    name,
    async digest(windows) {
      const at = await book();
      const digests = [];
      for (const window of windows) digests.push(await digestOfOne(at, window));
      return digests;
    },
    async entries(window, cursor) {
      const { index, read } = await book();
      const places: number[] = [];
      for (const { from, to } of index.ranges(window)) {
        for (let place = Math.max(from, Number(cursor ?? 0)); place < to; place++) {
          places.push(place);
          if (places.length > pageSize) break;
        }
        if (places.length > pageSize) break;
      }
      const entries = await read(places.slice(0, pageSize).map(index.at));
      const next = places[pageSize];
      return { entries: entries.filter(inTime(window)), ...(next !== undefined && { cursor: String(next) }) };
    },
    async lookup(keys) {
      const { index, read } = await book();
      const places: number[] = [];
      // Two keys may share a bucket: each bucket is read once.
      const byBucket = new Map(keys.map((key) => [bucketOf(key), key]));
      for (const [bucket, key] of byBucket) {
        for (const place of index.inBucket(bucket)) {
          if (places.length === mostLookedUp) throw tooManyEntries([key]);
          places.push(index.at(place));
        }
      }
      const found = new Map<string, Entry[]>(keys.map((key) => [key, []]));
      for (let at = 0; at < places.length; at += pageSize) {
        for (const entry of await read(places.slice(at, at + pageSize))) found.get(entry.key)?.push(entry);
      }
      return keys.map((key) => found.get(key) ?? []);
    },
  };
}
