import {
  addDigests,
  bucketOf,
  type Digest,
  digestOf,
  type Entry,
  emptyDigest,
  entryHash,
} from "../../digest/index.ts";
import type { Window } from "../ports.ts";
import { isInside } from "../windows.ts";
import type { DynamoItem, DynamoRead, DynamoTableCalls } from "./dynamo-calls.ts";

/** What is read of a table at the moment, without anything sealed. */
export function dynamoNow({
  calls,
  table,
  entryOf,
  reads,
  spanMs,
}: {
  readonly calls: DynamoTableCalls;
  readonly table: string;
  readonly entryOf: (item: DynamoItem) => Entry | undefined;
  readonly reads: (time: { readonly fromMs: number; readonly toMs: number }) => readonly DynamoRead[];
  readonly spanMs: number;
}) {
  /** The entries of a window, page by page, and how many items were looked at for them. */
  const page = async (
    window: Window,
    cursor: string | undefined,
    { consistent }: { readonly consistent: boolean },
  ) => {
    const parts = reads(window);
    const [at = 0, start] = cursor === undefined ? [] : (JSON.parse(cursor) as [number, DynamoItem?]);
    const part = parts[at];
    if (!part || window.fromMs >= window.toMs) return { entries: [], scanned: 0 };
    const { items, scanned, next } = await calls.page(table, part, start ?? undefined, consistent);
    const entries = items
      .map(entryOf)
      .filter((entry) => entry !== undefined)
      .filter(({ key, timeMs }) => isInside(window, timeMs, bucketOf(key)));
    const more = next ? [at, next] : at + 1 < parts.length ? [at + 1] : undefined;
    return { entries, scanned, ...(more && { cursor: JSON.stringify(more) }) };
  };
  return {
    page,
    async digest(window: Window): Promise<Digest> {
      let digest = emptyDigest;
      let cursor: string | undefined;
      do {
        const found = await page(window, cursor, { consistent: true });
        digest = addDigests(digest, digestOf(found.entries.map((entry) => entryHash(entry, spanMs))));
        cursor = found.cursor;
      } while (cursor !== undefined);
      return digest;
    },
  };
}
