import { addDigests, type Digest, digestOf, emptyDigest, entryHash, sameDigest } from "../digest/index.ts";
import { checkedSource, showWindow } from "./checked-source.ts";
import { classify, type Difference } from "./difference.ts";
import type { LedgerSource, Window } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";
import { splitWindow } from "./windows.ts";

export interface CompareOptions {
  /** Below this span, windows are split by bucket; the span that sources keep digests of, on the grid of the epoch. */
  readonly spanMs: number;
  /** Two equal entries that lie in different spans, further apart than this, are `late`. */
  readonly lateAfterMs: number;
  /** What is not older than this is still under way, and no difference yet: milliseconds since the epoch. */
  readonly settledBeforeMs: number;
  /** A window with no more entries than this is listed instead of split. @default 8 */
  readonly leafEntries?: number;
  /** A window that cannot be split any more is listed up to this many entries. @default 10,000 */
  readonly maxListed?: number;
}

export type Finding =
  | { readonly difference: Difference }
  /** Nothing can be said about this window, now: a source failed or contradicted itself. */
  | { readonly unknown: Window; readonly fault: SourceFault };

/** How many windows that differ are looked into at once: what is held in memory at any time hangs on it. */
const nodesAtOnce = 16;
/** Keys in one lookup. */
const keysAtOnce = 100;
/** Looks at a window that changes under our eyes. */
const maxLooks = 3;

/** A window whose digests differ. */
interface Node {
  readonly window: Window;
  readonly left: Digest;
  readonly right: Digest;
}

/**
 * Compares what two sources say about a window, and yields every difference, each once.
 *
 * Equal digests end a window. Unequal ones are split, by time and then by bucket, until few entries are left to list;
 * every key that the lists disagree about is looked up at its home on both sides before it is called a difference. So
 * the cost grows with the differences and not with the data, and memory with neither.
 *
 * A source that fails or contradicts itself makes its windows unknown, never its entries missing; what can still be
 * compared is.
 */
export async function* compare(
  left: LedgerSource,
  right: LedgerSource,
  window: Window,
  options: CompareOptions,
): AsyncGenerator<Finding> {
  const { leafEntries = 8, spanMs } = options;
  const sides = [checkedSource(left), checkedSource(right)] as const;
  const stack: Node[] = [];
  /** Keys that lie in several spans, and so in several windows: few. */
  const reported = new Set<string>();
  try {
    stack.push(...(await differing(sides, [window])));
  } catch (error) {
    yield unknown(window, error);
    return;
  }
  while (stack.length > 0) {
    const nodes = stack.splice(-nodesAtOnce);
    const leaves: Node[] = [];
    const inner: { readonly node: Node; readonly parts: readonly Window[] }[] = [];
    for (const node of nodes) {
      const parts =
        Math.max(node.left.count, node.right.count) <= leafEntries ? [] : splitWindow(node.window, spanMs);
      if (parts.length === 0) leaves.push(node);
      else inner.push({ node, parts });
    }
    for (const { node, parts } of inner) {
      try {
        stack.push(...(await lookInto(sides, node, parts)));
      } catch (error) {
        yield unknown(node.window, error);
      }
    }
    yield* judge(sides, leaves, options, reported);
  }
}

type Sides = readonly [LedgerSource, LedgerSource];

async function digestsOf([left, right]: Sides, windows: readonly Window[]): Promise<readonly Node[]> {
  const [lefts, rights] = await Promise.all([left.digest(windows), right.digest(windows)]);
  return windows.map((window, index) => ({
    window,
    left: lefts[index] as Digest,
    right: rights[index] as Digest,
  }));
}

async function differing(sides: Sides, windows: readonly Window[]): Promise<readonly Node[]> {
  return (await digestsOf(sides, windows)).filter((node) => !sameDigest(node.left, node.right));
}

/**
 * The parts of a node that differ. On each side they must add up to the whole: where they do not, the source has changed
 * meanwhile (then a second look at the whole agrees), or contradicts itself.
 */
async function lookInto(sides: Sides, node: Node, parts: readonly Window[]): Promise<readonly Node[]> {
  let whole = node;
  for (let look = 1; ; look++) {
    const found = await digestsOf(sides, parts);
    const total = (side: "left" | "right") => found.map((part) => part[side]).reduce(addDigests, emptyDigest);
    const odd = (["left", "right"] as const).find((side) => !sameDigest(total(side), whole[side]));
    if (odd === undefined) return found.filter((part) => !sameDigest(part.left, part.right));
    if (look === maxLooks) throw unstable(sides[odd === "left" ? 0 : 1], node.window, total(odd), whole[odd]);
    [whole] = (await digestsOf(sides, [node.window])) as [Node];
  }
}

function unstable(source: LedgerSource, window: Window, parts: Digest, whole: Digest): SourceFault {
  return new SourceFault(
    "source-unstable",
    source.name,
    `its parts of ${showWindow(window)} hold ${parts.count} entries (sum ${parts.sum}), the whole ${whole.count} (sum ${whole.sum}), ${maxLooks} times in a row: it changes while it is read, or its digests are wrong`,
  );
}

/** Lists the leaves, and looks every key up that the lists disagree about. */
async function* judge(
  sides: Sides,
  leaves: readonly Node[],
  options: CompareOptions,
  reported: Set<string>,
): AsyncGenerator<Finding> {
  const suspects: { readonly key: string; readonly seenMs: number; readonly window: Window }[] = [];
  const listed = await Promise.allSettled(
    leaves.map(({ window, left, right }) =>
      Promise.all([list(sides[0], window, left, options), list(sides[1], window, right, options)]),
    ),
  );
  for (const [index, { window }] of leaves.entries()) {
    const lists = listed[index];
    if (lists?.status === "fulfilled") {
      for (const { key, seenMs } of keysThatDiffer(...lists.value)) suspects.push({ key, seenMs, window });
    } else if (lists) yield unknown(window, lists.reason);
  }
  for (let at = 0; at < suspects.length; at += keysAtOnce) {
    const some = suspects.slice(at, at + keysAtOnce);
    const keys = some.map(({ key }) => key);
    const seenMs = some.map((suspect) => suspect.seenMs);
    try {
      const [left, right] = await Promise.all([sides[0].lookup(keys, seenMs), sides[1].lookup(keys, seenMs)]);
      for (const [index, { key }] of some.entries()) {
        const difference = classify(key, left[index] ?? [], right[index] ?? [], options);
        if (difference && isReported(difference, options, reported)) yield { difference };
      }
    } catch (error) {
      for (const { window } of some) yield unknown(window, error);
    }
  }
}

/** Whether a difference is old enough to be one, and not reported before from another of its windows. */
function isReported(
  { key, left, right }: Difference,
  { spanMs, settledBeforeMs }: CompareOptions,
  reported: Set<string>,
): boolean {
  const entries = [...left, ...right];
  if (entries.some((entry) => entry.timeMs >= settledBeforeMs)) return false;
  const spans = new Set(entries.map((entry) => Math.floor(entry.timeMs / spanMs)));
  if (spans.size === 1) return true;
  if (reported.has(key)) return false;
  reported.add(key);
  return true;
}

/** By key: the hashes of its entries, and when one of them happened. */
type Listed = ReadonlyMap<string, { readonly hashes: readonly string[]; readonly seenMs: number }>;

/** All entries of a window; what is listed must be what its digest counted. */
async function list(
  source: LedgerSource,
  window: Window,
  counted: Digest,
  { spanMs, maxListed = 10_000 }: CompareOptions,
): Promise<Listed> {
  let digest = counted;
  for (let look = 1; ; look++) {
    const found = new Map<string, { readonly hashes: string[]; readonly seenMs: number }>();
    const hashes: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await source.entries(window, cursor);
      for (const entry of page.entries) {
        const hash = entryHash(entry, spanMs);
        hashes.push(hash);
        const known = found.get(entry.key);
        if (known) known.hashes.push(hash);
        else found.set(entry.key, { hashes: [hash], seenMs: entry.timeMs });
      }
      if (hashes.length > maxListed) {
        throw new SourceFault(
          "source-flood",
          source.name,
          `${showWindow(window)} holds more than ${maxListed} entries and cannot be split any more: one key, over and over?`,
        );
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    const listed = digestOf(hashes);
    if (sameDigest(listed, digest)) return found;
    if (look === maxLooks) throw unstable(source, window, listed, digest);
    [digest = emptyDigest] = await source.digest([window]);
  }
}

function keysThatDiffer(left: Listed, right: Listed) {
  const text = (all: Listed, key: string) => [...(all.get(key)?.hashes ?? [])].sort().join();
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys
    .filter((key) => text(left, key) !== text(right, key))
    .map((key) => ({ key, seenMs: (left.get(key) ?? right.get(key))?.seenMs ?? 0 }));
}

function unknown(window: Window, error: unknown): Finding {
  if (error instanceof SourceFault) return { unknown: window, fault: error };
  throw error;
}
