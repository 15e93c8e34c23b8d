import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock, uuidv7 } from "../../clock.ts";
import {
  addDigests,
  bucketOf,
  buckets,
  type Digest,
  digestOf,
  type Entry,
  emptyDigest,
  entryHash,
} from "../../digest/index.ts";
import type { EntryPage, LedgerSource, Window } from "../ports.ts";
import { isInside } from "../windows.ts";
import { type DynamoConsumed, type DynamoItem, type DynamoRead, dynamoCalls } from "./dynamo-calls.ts";
import { dynamoSealed, type SealedSpan } from "./dynamo-sealed.ts";
import type { Sealed } from "./sealed-tree.ts";

export interface DynamoSourceOptions {
  /** As reports name it, and what is sealed. */
  readonly name: string;
  /** The table whose items are the entries. */
  readonly table: string;
  /** An item as an entry; `undefined`: it is none. */
  readonly entryOf: (item: DynamoItem) => Entry | undefined;
  /** The primary key of an entry's item. */
  readonly keyOf: (key: string) => DynamoItem;
  /**
   * How a span of time is read: queries that together answer its items, on an index by time for example. Items outside of
   * the span are left out by us. @default a scan of the whole table for each sealing
   */
  readonly reads?: (time: { readonly fromMs: number; readonly toMs: number }) => readonly DynamoRead[];
  /** Where sealed digests are kept: `{bus}-jobs`. */
  readonly sealedTable: string;
  /** That of the comparison. @default an hour */
  readonly spanMs?: number;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
}

export interface DynamoSource extends LedgerSource {
  /** DynamoDB's units so far, of both tables. */
  readonly consumed: Readonly<DynamoConsumed>;
}

/** Entries listed together: what one BatchGetItem answers. */
const pageEntries = 100;
/** DynamoDB's longest partition key, in bytes. (Constraints in Amazon DynamoDB) */
const maxKeyBytes = 2_048;

/**
 * A DynamoDB table as a source. A sealing reads a span's items once, by query or scan, and keeps a tree of small digests
 * in another table; from then on a comparison reads a few of those, and the items of what it lists and looks up.
 */
export function dynamoSource(options: DynamoSourceOptions): DynamoSource {
  const { name, table, entryOf, keyOf, sealedTable, spanMs = 3_600_000, clock = systemClock } = options;
  const reads = options.reads ?? (() => [{}]);
  const consumed: DynamoConsumed = { readUnits: 0, writeUnits: 0 };
  const calls = dynamoCalls({ client: options.client, clock, consumed });
  const sealed = dynamoSealed({ calls, table: sealedTable, source: `${name}@${spanMs}` });
  const spanOf = (ms: number) => Math.floor(ms / spanMs);

  const home = async (keys: readonly string[]): Promise<readonly Entry[]> => {
    const could = [...new Set(keys)].filter((key) => key !== "" && Buffer.byteLength(key) <= maxKeyBytes);
    const items = await calls.get(table, could.map(keyOf));
    return items.map(entryOf).filter((entry) => entry !== undefined);
  };
  /** The items of a window, page by page, as they are now. */
  const pageNow = async (window: Window, cursor: string | undefined) => {
    const parts = reads(window);
    const [at = 0, start] = cursor === undefined ? [] : (JSON.parse(cursor) as [number, DynamoItem?]);
    const part = parts[at];
    if (!part || window.fromMs >= window.toMs) return { entries: [], scanned: 0 };
    const { items, scanned, next } = await calls.page(table, part, start ?? undefined, true);
    const entries = items
      .map(entryOf)
      .filter((entry) => entry !== undefined)
      .filter(({ key, timeMs }) => isInside(window, timeMs, bucketOf(key)));
    const more = next ? [at, next] : at + 1 < parts.length ? [at + 1] : undefined;
    return { entries, scanned, ...(more && { cursor: JSON.stringify(more) }) };
  };
  const digestNow = async (window: Window): Promise<Digest> => {
    let digest = emptyDigest;
    let cursor: string | undefined;
    do {
      const page = await pageNow(window, cursor);
      digest = addDigests(digest, digestOf(page.entries.map((entry) => entryHash(entry, spanMs))));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return digest;
  };

  return {
    name,
    consumed,
    async seal({ fromMs, toMs }) {
      const [fromSpan, toSpan] = [spanOf(fromMs), spanOf(toMs + spanMs - 1)];
      const bySpan = new Map<number, Sealed[]>();
      for (let span = fromSpan; span < toSpan; span++) bySpan.set(span, []);
      const window = { fromMs: fromSpan * spanMs, toMs: toSpan * spanMs, fromBucket: 0, toBucket: buckets };
      let itemsRead = 0;
      let cursor: string | undefined;
      do {
        const page = await pageNow(window, cursor);
        itemsRead += page.scanned;
        for (const entry of page.entries) {
          const { key, timeMs } = entry;
          bySpan.get(spanOf(timeMs))?.push({ key, bucket: bucketOf(key), hash: entryHash(entry, spanMs) });
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      await sealed.seal(bySpan, () => uuidv7(clock));
      return { itemsRead };
    },

    async digest(windows) {
      const spans = await sealed.spans(
        spanOf(windows.reduce((least, { fromMs }) => Math.min(least, fromMs), Number.MAX_SAFE_INTEGER)),
        spanOf(windows.reduce((most, { toMs }) => Math.max(most, toMs), 0) + spanMs - 1),
      );
      const digests: Digest[] = [];
      /** Ranges of buckets, by tree: those of one span are asked for together. */
      const byTree = new Map<string, { readonly index: number; readonly window: Window }[]>();
      for (const [index, window] of windows.entries()) {
        const parts = sealedParts(window, spans, spanMs);
        if (!parts) digests[index] = await digestNow(window);
        else if (window.fromBucket <= 0 && window.toBucket >= buckets) {
          digests[index] = parts.map(({ digest }) => digest).reduce(addDigests, emptyDigest);
        } else {
          digests[index] = emptyDigest;
          for (const { tree } of parts) {
            if (tree !== undefined) byTree.set(tree, [...(byTree.get(tree) ?? []), { index, window }]);
          }
        }
      }
      for (const [tree, asked] of byTree) {
        const found = await sealed.digests(
          tree,
          asked.map(({ window }) => window),
        );
        asked.forEach(({ index }, at) => {
          digests[index] = addDigests(digests[index] ?? emptyDigest, found[at] ?? emptyDigest);
        });
      }
      return digests;
    },

    async entries(window, cursor): Promise<EntryPage> {
      const spans = await sealed.spans(spanOf(window.fromMs), spanOf(window.toMs + spanMs - 1));
      const parts = touchedParts(window, spans, spanMs);
      const sealedCursor = cursor?.startsWith("sealed:") ? cursor.slice(7).split("-").map(Number) : undefined;
      if (!parts || (cursor !== undefined && !sealedCursor)) {
        const { entries, cursor: next } = await pageNow(window, cursor);
        return { entries, cursor: next };
      }
      const [fromSpan = 0, fromBucket = 0] = sealedCursor ?? [];
      for (const [span, { tree }] of parts) {
        if (tree === undefined || span < fromSpan) continue;
        const range = {
          fromBucket: span === fromSpan ? Math.max(fromBucket, window.fromBucket) : window.fromBucket,
          toBucket: window.toBucket,
        };
        const keys: string[] = [];
        let reached = range.toBucket;
        for await (const leaf of sealed.leaves(tree, range)) {
          keys.push(...leaf.entries.map(({ key }) => key));
          if (keys.length < pageEntries) continue;
          reached = leaf.toBucket;
          break;
        }
        if (keys.length === 0) continue;
        const ofSpan = { fromMs: span * spanMs, toMs: (span + 1) * spanMs };
        const entries = (await home(keys)).filter(
          ({ key, timeMs }) =>
            isInside(window, timeMs, bucketOf(key)) && timeMs >= ofSpan.fromMs && timeMs < ofSpan.toMs,
        );
        return {
          entries,
          cursor: `sealed:${reached < range.toBucket ? `${span}-${reached}` : `${span + 1}-0`}`,
        };
      }
      return { entries: [] };
    },

    async lookup(keys) {
      const byKey = new Map<string, Entry[]>(keys.map((key) => [key, []]));
      for (const entry of await home(keys)) byKey.get(entry.key)?.push(entry);
      return keys.map((key) => byKey.get(key) ?? []);
    },
  };
}

/** The spans that a window touches, in order; `undefined` where one of them is not sealed. */
function touchedParts(
  { fromMs, toMs }: Window,
  spans: ReadonlyMap<number, SealedSpan>,
  spanMs: number,
): readonly (readonly [number, SealedSpan])[] | undefined {
  const parts: (readonly [number, SealedSpan])[] = [];
  for (let span = Math.floor(fromMs / spanMs); span * spanMs < toMs; span++) {
    const found = spans.get(span);
    if (!found) return undefined;
    parts.push([span, found]);
  }
  return parts;
}

/** The spans that a window is made of; `undefined` where it cuts one, or one is not sealed. */
function sealedParts(window: Window, spans: ReadonlyMap<number, SealedSpan>, spanMs: number) {
  if (window.fromMs % spanMs !== 0 || window.toMs % spanMs !== 0) return undefined;
  return touchedParts(window, spans, spanMs)?.map(([, span]) => span);
}
