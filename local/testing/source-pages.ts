import assert from "node:assert/strict";
import {
  addDigests,
  type Digest,
  type Entry,
  emptyDigest,
  type LedgerSource,
  type Window,
} from "../../src/reconcile/index.ts";

/** All entries of a window. */
export async function listed(source: LedgerSource, window: Window): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for await (const page of pages((cursor) => source.entries(window, cursor))) found.push(...page.entries);
  return found;
}

/** All keys of a window, in order, with the digest of what it holds of each. */
export async function keysListed(
  source: LedgerSource,
  window: Window,
  spanMs: number,
): Promise<ReadonlyMap<string, Digest>> {
  const found = new Map<string, Digest>();
  for await (const page of pages(async (cursor) => (await source.keys?.(window, cursor)) ?? { keys: [] })) {
    for (const { key, digest, seenMs } of page.keys) {
      assert.ok(seenMs > window.fromMs - spanMs && seenMs < window.toMs, `${key} was seen at ${seenMs}`);
      found.set(key, addDigests(found.get(key) ?? emptyDigest, digest));
    }
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** All pages that a question has. */
async function* pages<Page extends { readonly cursor?: string | undefined }>(
  ask: (cursor: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    yield page;
    cursor = page.cursor;
    if (cursor === undefined) return;
    assert.ok(!cursors.has(cursor), `the cursor ${cursor} was answered before: its pages turn in a circle`);
    cursors.add(cursor);
  } while (cursors.size < 100_000);
  throw new Error("more than 100,000 pages");
}
