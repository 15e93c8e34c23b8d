import { addDigests, buckets, type Digest, digestOf, emptyDigest, textOf } from "../../digest/index.ts";

/** A node with no more entries than this tells them itself; one with more has sixteen children, as windows are split. */
const leafEntries = 16;
const digestBytes = 20;
/** At this depth a node is one bucket. */
const maxDepth = 8;

/** What a sealed span knows of an entry: enough for digests, and to find it at home. */
export interface Sealed {
  readonly key: string;
  readonly bucket: number;
  readonly hash: string;
}

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

/** The nodes of a tree, children before their parents; the last one is the root, where there is anything at all. */
export function* treeOf(entries: readonly Sealed[], prefix = ""): Generator<TreeNode, Digest> {
  const digest = digestOf(entries.map(({ hash }) => hash));
  if (entries.length === 0) return digest;
  if (entries.length <= leafEntries || prefix.length === maxDepth) {
    yield { prefix, entries };
    return digest;
  }
  const parts: Sealed[][] = Array.from({ length: 16 }, () => []);
  const shift = 4 * (maxDepth - 1 - prefix.length);
  for (const entry of entries) parts[(entry.bucket >>> shift) & 15]?.push(entry);
  const children: Digest[] = [];
  for (const [digit, part] of parts.entries())
    children.push(yield* treeOf(part, prefix + digit.toString(16)));
  yield { prefix, children };
  return digest;
}

/** The buckets under a prefix. */
export function rangeOf(prefix: string): BucketRange {
  const width = buckets / 16 ** prefix.length;
  const fromBucket = prefix === "" ? 0 : Number.parseInt(prefix, 16) * width;
  return { fromBucket, toBucket: fromBucket + width };
}

/** What a node says about a range: the digest of what it can tell, and which children must be asked for the rest. */
export function partOf(
  node: TreeNode,
  range: BucketRange,
): { readonly digest: Digest; readonly ask: readonly string[] } {
  if ("entries" in node) {
    const inside = node.entries.filter(({ bucket }) => bucket >= range.fromBucket && bucket < range.toBucket);
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

/** Sixteen digests in 320 bytes. */
export function packDigests(digests: readonly Digest[]): Uint8Array {
  const packed = Buffer.alloc(digests.length * digestBytes);
  digests.forEach(({ count, sum }, index) => {
    packed.writeUInt32BE(count, index * digestBytes);
    packed.write(sum, index * digestBytes + 4, "hex");
  });
  return packed;
}

export function unpackDigests(packed: Uint8Array): readonly Digest[] {
  const bytes = Buffer.from(packed);
  return Array.from({ length: bytes.length / digestBytes }, (_, index) => {
    const at = index * digestBytes;
    const words = Uint32Array.from([0, 1, 2, 3], (word) => bytes.readUInt32BE(at + 4 + word * 4));
    return { count: bytes.readUInt32BE(at), sum: textOf(words) };
  });
}
