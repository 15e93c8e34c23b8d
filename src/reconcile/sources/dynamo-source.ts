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
import { shownKey } from "../entry-fault.ts";
import { keysOf } from "../keys-of.ts";
import type { EntryPage, KeyPage, LedgerSource, Window } from "../ports.ts";
import { isInside, wholeSpan } from "../windows.ts";
import { type DynamoConsumed, type DynamoItem, type DynamoRead, dynamoCalls } from "./dynamo-calls.ts";
import { dynamoNow } from "./dynamo-now.ts";
import { dynamoSealed } from "./dynamo-sealed.ts";
import { sealedPages } from "./sealed-pages.ts";
import { sealingSpool } from "./sealing-spool.ts";

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

/** Sealed spans whose trees are read at the same time. */
const treesAtOnce = 16;
/** DynamoDB's longest partition key, in bytes. (Constraints in Amazon DynamoDB) */
const maxKeyBytes = 2_048;

/**
 * A DynamoDB table as a source. A sealing reads a span's items once, by query or scan, and keeps a tree of small digests
 * in another table; from then on a comparison reads a few of those, and the items of what it looks up. A sealing takes
 * little memory, however many items a span holds: of more than 50,000 it puts what it seals in order on disk.
 */
export function dynamoSource(options: DynamoSourceOptions): DynamoSource {
  const { name, table, entryOf, keyOf, sealedTable, spanMs = 3_600_000, clock = systemClock } = options;
  const { reads = () => [{}] } = options;
  const consumed: DynamoConsumed = { readUnits: 0, writeUnits: 0 };
  const calls = dynamoCalls({ client: options.client, clock, consumed });
  const sealed = dynamoSealed({ calls, table: sealedTable, source: `${name}@${spanMs}` });
  const { pageOf, partsOf, spansOf } = sealedPages({ sealed, spanMs });
  const now = dynamoNow({ calls, table, entryOf, reads, spanMs });
  const spanOf = (ms: number) => Math.floor(ms / spanMs);
  const home = async (keys: readonly string[], consistent: boolean): Promise<readonly Entry[]> => {
    const could = [...new Set(keys)].filter(
      (key) => key !== "" && key.isWellFormed() && Buffer.byteLength(key) <= maxKeyBytes,
    );
    const items = await calls.get(table, could.map(keyOf), { consistent });
    return items.map(entryOf).filter((entry) => entry !== undefined);
  };
  const entries = async (window: Window, cursor?: string): Promise<EntryPage> => {
    const page = await pageOf(window, cursor);
    if (!page) {
      const { entries, cursor: next } = await now.page(window, cursor, { consistent: true });
      return { entries, cursor: next };
    }
    // Held against its digest, and told again where it differs: what is a second old will do.
    const found = await home(
      page.entries.map(({ key }) => key),
      false,
    );
    const inside = found.filter(
      ({ key, timeMs }) => isInside(window, timeMs, bucketOf(key)) && spanOf(timeMs) === page.span,
    );
    return { entries: inside, cursor: page.cursor };
  };

  const digests = async (windows: readonly Window[]): Promise<readonly Digest[]> => {
    const touched = [...new Set(windows.flatMap(spansOf))].sort((one, other) => one - other);
    const spans = await sealed.spans(touched);
    const found: Digest[] = [];
    /** Ranges of buckets, by tree: those of one span are asked for together. */
    const byTree = new Map<string, { readonly index: number; readonly window: Window }[]>();
    for (const [index, window] of windows.entries()) {
      const parts = partsOf(window, spans);
      if (!parts) found[index] = await now.digest(window);
      else if (window.fromBucket <= 0 && window.toBucket >= buckets) {
        found[index] = parts.map(({ digest }) => digest).reduce(addDigests, emptyDigest);
      } else {
        found[index] = emptyDigest;
        for (const { tree } of parts) {
          if (tree !== undefined) byTree.set(tree, [...(byTree.get(tree) ?? []), { index, window }]);
        }
      }
    }
    const ofTree = async ([tree, asked]: [string, { readonly index: number; readonly window: Window }[]]) => {
      const ranges = asked.map(({ window }) => window);
      for (const [at, digest] of (await sealed.digests(tree, ranges)).entries()) {
        const index = asked[at]?.index ?? 0;
        found[index] = addDigests(found[index] ?? emptyDigest, digest);
      }
    };
    const trees = [...byTree];
    for (let at = 0; at < trees.length; at += treesAtOnce) {
      await Promise.all(trees.slice(at, at + treesAtOnce).map(ofTree));
    }
    return found;
  };

  return {
    name,
    consumed,
    entries: (window, cursor) => sealed.asSealed(() => entries(window, cursor)),
    async seal(time) {
      const all = spansOf(time);
      const [first = 0, last = -1] = [all[0], all.at(-1)];
      const window = wholeSpan(first * spanMs, (last + 1) * spanMs);
      const spool = sealingSpool();
      try {
        let itemsRead = 0;
        let cursor: string | undefined;
        do {
          // What came within the last second is seen as what comes in the next one: at home, or by the last look.
          const page = await now.page(window, cursor, { consistent: false });
          itemsRead += page.scanned;
          for (const entry of page.entries) {
            await spool.add(spanOf(entry.timeMs), {
              key: entry.key,
              bucket: bucketOf(entry.key),
              hash: entryHash(entry, spanMs),
            });
          }
          cursor = page.cursor;
        } while (cursor !== undefined);
        await sealed.seal(all, spool.of, () => uuidv7(clock));
        return { itemsRead };
      } finally {
        spool.end();
      }
    },

    digest: (windows) => sealed.asSealed(() => digests(windows)),

    async keys(window, cursor): Promise<KeyPage> {
      const isCut = window.fromMs % spanMs !== 0 || window.toMs % spanMs !== 0;
      const page = isCut ? undefined : await sealed.asSealed(() => pageOf(window, cursor));
      if (!page) {
        const found = await entries(window, cursor);
        return { keys: keysOf(found.entries, spanMs), cursor: found.cursor };
      }
      const seenMs = page.span * spanMs;
      const keys = page.entries.map(({ key, hash }) => ({ key, digest: digestOf([hash]), seenMs }));
      return { keys, cursor: page.cursor };
    },

    async lookup(keys) {
      const byKey = new Map<string, Entry[]>(keys.map((key) => [key, []]));
      for (const entry of await home(keys, true)) {
        const found = byKey.get(entry.key);
        // Left out, it would look missing.
        if (!found) {
          throw new Error(
            `keyOf and entryOf do not agree: the item of a key that was asked for is ${shownKey(entry.key)} by entryOf, in ${table}`,
          );
        }
        found.push(entry);
      }
      return keys.map((key) => byKey.get(key) ?? []);
    },
  };
}
