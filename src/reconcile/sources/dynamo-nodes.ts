import { addDigests, type Digest, emptyDigest } from "../../digest/index.ts";
import { jobsKeyAttribute as pk, jobsSortAttribute as sk } from "../../names.ts";
import type { DynamoItem, DynamoTableCalls } from "./dynamo-calls.ts";
import { packDigests, packSealed, type Sealed, unpackDigests, unpackSealed } from "./sealed-node.ts";
import { type BucketRange, childrenIn, entriesIn, partOf, rangeOf, type TreeNode } from "./sealed-tree.ts";

/** Thrown when a tree is not there any more: its span was sealed again. */
export class TreeGone extends Error {}

/** Nodes that are remembered: they never change. About 10 MB. */
const nodesRemembered = 100;

/** The nodes of sealed trees in a DynamoDB table, an item each, under names that begin with `prefix`. */
export function dynamoNodes({
  calls,
  table,
  source,
}: {
  readonly calls: DynamoTableCalls;
  readonly table: string;
  /** What the partition keys of all trees begin with. */
  readonly source: string;
}) {
  const keyOf = (tree: string, prefix: string): DynamoItem => ({
    [pk]: { S: `${source}#${tree}` },
    [sk]: { S: `n${prefix}` },
  });
  const remembered = new Map<string, TreeNode>();
  const remember = (tree: string, node: TreeNode) => {
    const [oldest] = remembered.size >= nodesRemembered ? remembered.keys() : [];
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.set(`${tree} ${node.prefix}`, node);
    return node;
  };
  /** A tree is written before it counts, and never changed: any copy will do, and only where there is none yet, the newest. */
  const read = async (tree: string, prefixes: readonly string[]): Promise<ReadonlyMap<string, TreeNode>> => {
    const nodes = new Map<string, TreeNode>();
    for (const prefix of prefixes) {
      const node = remembered.get(`${tree} ${prefix}`);
      if (node) nodes.set(prefix, node);
    }
    for (const consistent of [false, true]) {
      const missing = prefixes.filter((prefix) => !nodes.has(prefix));
      const keys = missing.map((prefix) => keyOf(tree, prefix));
      for (const item of await calls.get(table, keys, { consistent })) {
        const node = remember(tree, nodeOf(item));
        nodes.set(node.prefix, node);
      }
    }
    if (nodes.size === prefixes.length) return nodes;
    const gone = prefixes.length - nodes.size;
    throw new TreeGone(`${gone} nodes of the sealed tree ${tree} are gone: sealed again meanwhile?`);
  };

  return {
    itemOf: (tree: string, node: TreeNode): DynamoItem => ({ ...keyOf(tree, node.prefix), ...bodyOf(node) }),

    /** The keys of all items of a tree of so many nodes, page by page. */
    async *keysOf(tree: string, nodes: number | undefined): AsyncGenerator<readonly DynamoItem[]> {
      if (nodes === 1) {
        yield [keyOf(tree, "")];
        return;
      }
      const part = {
        KeyConditionExpression: `${pk} = :pk`,
        ExpressionAttributeValues: { ":pk": { S: `${source}#${tree}` } },
        ProjectionExpression: `${pk}, ${sk}`,
      };
      let start: DynamoItem | undefined;
      do {
        const page = await calls.page(table, part, start);
        yield page.items;
        start = page.next;
      } while (start);
    },

    /** Digests of ranges of buckets: level by level, one call for all of them. */
    async digests(tree: string, ranges: readonly BucketRange[]): Promise<readonly Digest[]> {
      const digests = ranges.map(() => emptyDigest);
      let asked = ranges.map((_, index) => ({ index, prefix: "" }));
      while (asked.length > 0) {
        const nodes = await read(tree, [...new Set(asked.map(({ prefix }) => prefix))]);
        const next: typeof asked = [];
        for (const { index, prefix } of asked) {
          const node = nodes.get(prefix);
          const range = ranges[index];
          if (!node || !range) continue;
          const { digest, ask } = partOf(node, range);
          digests[index] = addDigests(digests[index] ?? emptyDigest, digest);
          for (const child of ask) next.push({ index, prefix: child });
        }
        asked = next;
      }
      return digests;
    },

    /** What was sealed of a range, leaf by leaf; `toBucket` is where the leaf ends. */
    async *leaves(
      tree: string,
      range: BucketRange,
      prefixes: readonly string[] = [""],
    ): AsyncGenerator<{
      readonly entries: readonly Sealed[];
      readonly toBucket: number;
    }> {
      const nodes = [...(await read(tree, prefixes)).values()];
      for (const node of nodes.sort((one, other) => (one.prefix < other.prefix ? -1 : 1))) {
        if ("entries" in node) {
          const toBucket = Math.min(range.toBucket, rangeOf(node.prefix).toBucket);
          yield { entries: entriesIn(node.entries, range), toBucket };
        } else {
          const children = childrenIn(node, range).map(({ prefix }) => prefix);
          if (children.length > 0) yield* this.leaves(tree, range, children);
        }
      }
    },
  };
}

function bodyOf(node: TreeNode): DynamoItem {
  if ("children" in node) return { children: { B: packDigests(node.children) } };
  return { entries: { B: packSealed(node.entries) } };
}

function nodeOf(item: DynamoItem): TreeNode {
  const prefix = (item[sk]?.S ?? "n").slice(1);
  if (item.children?.B) return { prefix, children: unpackDigests(item.children.B) };
  return { prefix, entries: unpackSealed(item.entries?.B ?? new Uint8Array()) };
}
