import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";
import { addDigests, bucketOf, type Digest, digestOf, emptyDigest } from "../../../src/reconcile/index.ts";
import {
  packSealed,
  type Sealed,
  sealedBytes,
  unpackSealed,
} from "../../../src/reconcile/sources/sealed-node.ts";
import {
  type BucketRange,
  partOf,
  rangeOf,
  type TreeNode,
  treeOf,
} from "../../../src/reconcile/sources/sealed-tree.ts";
import { sealingSpool } from "../../../src/reconcile/sources/sealing-spool.ts";

const all: BucketRange = { fromBucket: 0, toBucket: 2 ** 32 };

/** Entries with keys of all lengths, in no order. */
function entries(count: number): Sealed[] {
  const { random } = virtualClock({ seed: count });
  return Array.from({ length: count }, (_, index) => {
    const key = `${index}-${"\u20ac\n".repeat(random() < 0.01 ? 900 : Math.floor(random() * 12))}`;
    const hash = Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(32, "0");
    return { key, bucket: bucketOf(key), hash };
  });
}

const inOrder = (some: readonly Sealed[]) => some.toSorted((one, other) => one.bucket - other.bucket);
const digestIn = (some: readonly Sealed[], { fromBucket, toBucket }: BucketRange) =>
  digestOf(some.filter(({ bucket }) => bucket >= fromBucket && bucket < toBucket).map(({ hash }) => hash));

function treeFrom(some: Iterable<Sealed>) {
  const nodes = new Map<string, TreeNode>();
  const walk = treeOf(some);
  let next = walk.next();
  for (; !next.done; next = walk.next()) nodes.set(next.value.prefix, next.value);
  return { nodes, digest: next.value };
}

function digestFrom(nodes: ReadonlyMap<string, TreeNode>, range: BucketRange, prefix = ""): Digest {
  const node = nodes.get(prefix);
  if (!node) throw new Error(`no node ${prefix}`);
  const { digest, ask } = partOf(node, range);
  return ask.map((child) => digestFrom(nodes, range, child)).reduce(addDigests, digest);
}

describe("treeOf", () => {
  it.each([0, 1, 300, 5_000, 40_000])("tells the digest of every range of %i entries", (count) => {
    const some = entries(count);
    const { nodes, digest } = treeFrom(inOrder(some));

    expect(digest).toEqual(digestIn(some, all));
    if (count === 0) expect(nodes.size).toBe(0);
    const ranges = ["0", "7", "f", "a3", "fff"].map(rangeOf);
    for (const range of [all, ...ranges, { fromBucket: 12_345, toBucket: 2 ** 31 + 7 }]) {
      expect(count === 0 ? emptyDigest : digestFrom(nodes, range)).toEqual(digestIn(some, range));
    }
  });

  it("makes nodes of 16 KB at most, and few of them", () => {
    const some = entries(40_000);
    const { nodes } = treeFrom(inOrder(some));

    const sizes = [...nodes.values()].map((node) =>
      "entries" in node ? packSealed(node.entries).length : 320,
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16_000);
    const written = sizes.reduce((sum, size) => sum + Math.ceil(size / 1_024), 0);
    expect(written).toBeLessThan(0.1 * some.length);
  });

  it("holds no more than a leaf, however many entries come", () => {
    let read = 0;
    const some = inOrder(entries(40_000));
    const coming = (function* () {
      for (const one of some) {
        read++;
        yield one;
      }
    })();

    let told = 0;
    for (const node of treeOf(coming)) {
      if (!("entries" in node)) continue;
      told += node.entries.length;
      expect(read - told).toBeLessThan(1_000);
    }
    expect(told).toBe(some.length);
  });

  it("keeps keys apart that share a bucket, and a key that is larger than a leaf", () => {
    const twins = Array.from({ length: 2_000 }, (_, index) => ({
      key: `twin-${index}`,
      bucket: 77,
      hash: String(index).padStart(32, "0"),
    }));
    const large = { key: "k".repeat(40_000), bucket: 78, hash: "f".repeat(32) };

    const { nodes, digest } = treeFrom([...twins, large]);

    expect(digest.count).toBe(2_001);
    expect(digestFrom(nodes, { fromBucket: 77, toBucket: 78 }).count).toBe(2_000);
    expect(digestFrom(nodes, { fromBucket: 78, toBucket: 79 })).toEqual(digestOf([large.hash]));
  });
});

describe("packSealed", () => {
  it("keeps keys of any characters and lengths", () => {
    const some = ["", "\n", "\u{1F4B6}".repeat(50), "k".repeat(8_192), "\u0000"].map((key) => ({
      key,
      bucket: bucketOf(key),
      hash: "0123456789abcdef0123456789abcdef",
    }));

    const packed = packSealed(some);

    expect(unpackSealed(packed)).toEqual(some);
    expect(packed.length).toBe(some.reduce((sum, entry) => sum + sealedBytes(entry), 0));
  });
});

describe("sealingSpool", () => {
  const spools = () => readdirSync(tmpdir()).filter((name) => name.startsWith("omnibus-sealing-")).length;

  it.each([
    ["in memory", 10_000],
    ["on disk", 100],
  ])("puts entries in order span by span, %s, and leaves nothing behind", async (_, held) => {
    const before = spools();
    const spool = sealingSpool({ held });
    const some = entries(3_000);
    for (const [index, entry] of some.entries()) await spool.add(index % 3, entry);

    expect(spools() - before).toBe(held === 100 ? 1 : 0);
    for (const span of [0, 1, 2]) {
      expect([...spool.of(span)]).toEqual(inOrder(some.filter((_one, index) => index % 3 === span)));
    }
    expect([...spool.of(3)]).toEqual([]);
    spool.end();
    expect(spools()).toBe(before);
  });
});
