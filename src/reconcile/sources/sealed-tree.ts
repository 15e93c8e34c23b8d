import { addDigests, buckets, type Digest, digestOf, emptyDigest } from "../../digest/index.ts";
import { type Sealed, sealedBytes } from "./sealed-node.ts";

/**
 * A node whose entries take no more than this tells them itself. DynamoDB writes a KB for what it reads eight for, and every
 * entry is written, and few are read: so leaves are large.
 */
const leafBytes = 16_000;
/** At this depth a node is one bucket. */
const maxDepth = 8;

/**
 * A node of a sealed span's tree, for all buckets that begin with `prefix` (hex digits). A node is small, and a path
 * from the root to a leaf is as many nodes as the window tree is deep.
 */
export type TreeNode =
  | { readonly prefix: string; readonly children: readonly Digest[] }
  | { readonly prefix: string; readonly entries: readonly Sealed[] };

export interface BucketRange {
  readonly fromBucket: number;
  readonly toBucket: number;
}

/**
 * The nodes of a tree, children before their parents; the last one is the root, where there is anything at all. Takes
 * entries in the order of their buckets, and holds no more of them than a leaf does.
 */
export function treeOf(entries: Iterable<Sealed>): Generator<TreeNode, Digest> {
  return nodesUnder("", lookingAhead(entries));
}

function* nodesUnder(prefix: string, ahead: LookingAhead): Generator<TreeNode, Digest> {
  const { toBucket } = rangeOf(prefix);
  const isBucket = prefix.length === maxDepth;
  const { taken, isAll } = ahead.take(toBucket, isBucket ? Number.POSITIVE_INFINITY : leafBytes);
  if (taken.length === 0) return emptyDigest;
  if (isAll) {
    yield { prefix, entries: taken };
    return digestOf(taken.map(({ hash }) => hash));
  }
  ahead.putBack(taken);
  const children: Digest[] = [];
  for (let digit = 0; digit < 16; digit++) {
    children.push(yield* nodesUnder(prefix + digit.toString(16), ahead));
  }
  yield { prefix, children };
  return children.reduce(addDigests, emptyDigest);
}

type LookingAhead = ReturnType<typeof lookingAhead>;

/** Entries that can be taken and put back. */
function lookingAhead(entries: Iterable<Sealed>) {
  const iterator = entries[Symbol.iterator]();
  /** The next ones, the first at the end. */
  let held: Sealed[] = [];
  const next = (): Sealed | undefined => {
    const one = held.pop();
    if (one) return one;
    const { done, value } = iterator.next();
    return done ? undefined : value;
  };
  return {
    /** The next ones in front of a bucket, about so many bytes of them; and whether that is all. */
    take(toBucket: number, bytes: number): { readonly taken: readonly Sealed[]; readonly isAll: boolean } {
      const taken: Sealed[] = [];
      let left = bytes;
      for (let one = next(); one; one = next()) {
        const isInside = one.bucket < toBucket;
        left -= sealedBytes(one);
        if (isInside && (left >= 0 || taken.length === 0)) taken.push(one);
        else {
          held.push(one);
          return { taken, isAll: !isInside };
        }
      }
      return { taken, isAll: true };
    },
    putBack(taken: readonly Sealed[]): void {
      held = [...held, ...taken.toReversed()];
    },
  };
}

/** The buckets under a prefix. */
export function rangeOf(prefix: string): BucketRange {
  const width = buckets / 16 ** prefix.length;
  const fromBucket = prefix === "" ? 0 : Number.parseInt(prefix, 16) * width;
  return { fromBucket, toBucket: fromBucket + width };
}

/** The entries of a leaf that lie in a range. */
export function entriesIn(
  entries: readonly Sealed[],
  { fromBucket, toBucket }: BucketRange,
): readonly Sealed[] {
  return entries.filter(({ bucket }) => bucket >= fromBucket && bucket < toBucket);
}

/** What a node says about a range: the digest of what it can tell, and which children must be asked for the rest. */
export function partOf(
  node: TreeNode,
  range: BucketRange,
): { readonly digest: Digest; readonly ask: readonly string[] } {
  if ("entries" in node) {
    const inside = entriesIn(node.entries, range);
    return { digest: digestOf(inside.map(({ hash }) => hash)), ask: [] };
  }
  let digest = emptyDigest;
  const ask: string[] = [];
  for (const { prefix, digest: ofChild } of childrenIn(node, range)) {
    const { fromBucket, toBucket } = rangeOf(prefix);
    if (fromBucket >= range.fromBucket && toBucket <= range.toBucket) digest = addDigests(digest, ofChild);
    else ask.push(prefix);
  }
  return { digest, ask };
}

/** The children of a node that hold anything and touch a range, in the order of their buckets. */
export function childrenIn(
  { prefix, children }: Extract<TreeNode, { readonly children: readonly Digest[] }>,
  range: BucketRange,
) {
  return children
    .map((digest, digit) => ({ prefix: prefix + digit.toString(16), digest }))
    .filter(({ prefix: child, digest }) => {
      const { fromBucket, toBucket } = rangeOf(child);
      return digest.count > 0 && fromBucket < range.toBucket && toBucket > range.fromBucket;
    });
}
