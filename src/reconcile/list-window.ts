import { addDigests, type Digest, emptyDigest, sameDigest } from "../digest/index.ts";
import { type CheckedSource, showWindow } from "./checked-source.ts";
import { shownKey } from "./entry-fault.ts";
import { keysOf } from "./keys-of.ts";
import { maxLooks } from "./look-into.ts";
import type { KeyDigest, KeyPage, Window } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";

/** What a window holds, by key. */
export type Listed = ReadonlyMap<string, KeyDigest>;

/** All keys of a window; what is listed must be what its digest counted. */
export async function listWindow(
  source: CheckedSource,
  window: Window,
  counted: Digest,
  { spanMs, maxListed }: { readonly spanMs: number; readonly maxListed: number },
): Promise<Listed> {
  if (counted.count > maxListed) throw await flood(source, window, counted.count);
  let digest = counted;
  for (let look = 1; ; look++) {
    const found = new Map<string, KeyDigest>();
    const circle = circleWatch();
    let listed = emptyDigest;
    let cursor: string | undefined;
    do {
      const page = await pageOf(source, window, cursor, spanMs);
      for (const one of page.keys) {
        const known = found.get(one.key);
        found.set(one.key, known ? { ...known, digest: addDigests(known.digest, one.digest) } : one);
        listed = addDigests(listed, one.digest);
      }
      if (listed.count > maxListed) throw await flood(source, window, listed.count);
      cursor = page.cursor;
      if (!circle(cursor)) continue;
      throw new SourceFault(
        "source-answer",
        source.name,
        `the cursor ${shownKey(cursor ?? "")} came a second time for ${showWindow(window)}: its pages turn in a circle`,
      );
    } while (cursor !== undefined);
    if (sameDigest(listed, digest)) return found;
    if (look === maxLooks) {
      throw new SourceFault(
        "source-unstable",
        source.name,
        `it lists ${listed.count} entries (sum ${listed.sum}) of ${showWindow(window)} and counts ${digest.count} (sum ${digest.sum}), ${maxLooks} times in a row: it changes while it is read, its digests are wrong, or its spanMs is not ${spanMs}`,
      );
    }
    digest = await digestAgain(source, window);
  }
}

/** A page of a window's keys: told as such, or made of entries. */
async function pageOf(
  source: CheckedSource,
  window: Window,
  cursor: string | undefined,
  spanMs: number,
): Promise<KeyPage> {
  if (source.keys) return source.keys(window, cursor);
  const page = await source.entries(window, cursor);
  return { keys: keysOf(page.entries, spanMs), cursor: page.cursor };
}

/** Asked among others of which one holds nothing: whatever other order its source answers in, that one shows it. */
async function digestAgain(source: CheckedSource, window: Window): Promise<Digest> {
  const nothing = { ...window, toMs: window.fromMs };
  const [digest = emptyDigest, ofNothing = emptyDigest] = await source.digest([
    window,
    nothing,
    window,
    window,
  ]);
  if (ofNothing.count === 0) return digest;
  throw new SourceFault(
    "source-answer",
    source.name,
    `digest counts ${ofNothing.count} entries in a window that ends where it begins, asked beside ${showWindow(window)}: are its digests in the order asked?`,
  );
}

async function flood(source: CheckedSource, window: Window, count: number): Promise<SourceFault> {
  const [first] = (await pageOf(source, window, undefined, 1)).keys;
  return new SourceFault(
    "source-flood",
    source.name,
    `${showWindow(window)} holds ${count} entries and more, too many to list, and cannot be split any more: one key, over and over? The first one is ${shownKey(first?.key ?? "")}`,
  );
}

/** Tells a cursor that comes again, in whatever circle, and remembers one at a time. (R. P. Brent, 1980) */
function circleWatch(): (cursor: string | undefined) => boolean {
  let remembered: string | undefined;
  let steps = 0;
  let turn = 1;
  return (cursor) => {
    if (cursor !== undefined && cursor === remembered) return true;
    if (++steps < turn) return false;
    remembered = cursor;
    steps = 0;
    turn *= 2;
    return false;
  };
}
