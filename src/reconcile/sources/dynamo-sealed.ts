import { addDigests, type Digest, emptyDigest } from "../../digest/index.ts";
import { jobsKeyAttribute as pk, reconcileKeys, jobsSortAttribute as sk } from "../../names.ts";
import type { DynamoItem, DynamoTableCalls } from "./dynamo-calls.ts";
import {
  type BucketRange,
  childrenIn,
  packDigests,
  partOf,
  rangeOf,
  type Sealed,
  type TreeNode,
  treeOf,
  unpackDigests,
} from "./sealed-tree.ts";

/** What is known of a sealed span: its digest, and which tree is its; none where nothing is in it. */
export interface SealedSpan {
  readonly digest: Digest;
  readonly tree: string | undefined;
}

/**
 * Sealed spans in a DynamoDB table, by items: one for each span, with its digest, and a tree of small nodes for what is
 * inside. A span's item is written last and tells which tree counts, so that readers see one sealing or another, never
 * two.
 */
export function dynamoSealed({
  calls,
  table,
  source,
}: {
  readonly calls: DynamoTableCalls;
  readonly table: string;
  readonly source: string;
}) {
  const spansKey = reconcileKeys.sealed(source);
  const spanKey = (span: number): DynamoItem => ({
    [pk]: { S: spansKey },
    [sk]: { S: spanText(span) },
  });
  const nodeKey = (tree: string, prefix: string): DynamoItem => ({
    [pk]: { S: `${spansKey}#${tree}` },
    [sk]: { S: `n${prefix}` },
  });
  const nodesOf = async (tree: string, prefixes: readonly string[]): Promise<readonly TreeNode[]> => {
    const items = await calls.get(
      table,
      prefixes.map((prefix) => nodeKey(tree, prefix)),
    );
    if (items.length === prefixes.length) return items.map(nodeOf);
    throw new Error(
      `${prefixes.length - items.length} nodes of the sealed span ${tree} are gone: sealed again meanwhile?`,
    );
  };
  const itemsOf = async (condition: string, values: DynamoItem): Promise<readonly DynamoItem[]> => {
    const found: DynamoItem[] = [];
    const part = { KeyConditionExpression: condition, ExpressionAttributeValues: values };
    let start: DynamoItem | undefined;
    do {
      const page = await calls.page(table, part, start, true);
      found.push(...page.items);
      start = page.next;
    } while (start);
    return found;
  };
  const put = (items: readonly DynamoItem[]) =>
    calls.write(
      table,
      items.map((Item) => ({ PutRequest: { Item } })),
    );
  /** The spans that are sealed. */
  const spans = async (fromSpan: number, toSpan: number): Promise<ReadonlyMap<number, SealedSpan>> => {
    if (fromSpan >= toSpan) return new Map();
    const items = await itemsOf(`${pk} = :pk AND ${sk} BETWEEN :from AND :to`, {
      ":pk": { S: spansKey },
      ":from": { S: spanText(fromSpan) },
      ":to": { S: spanText(toSpan - 1) },
    });
    return new Map(
      items.map((item) => [
        Number(item[sk]?.S),
        { digest: unpackDigests(item.digest?.B ?? new Uint8Array())[0] ?? emptyDigest, tree: item.tree?.S },
      ]),
    );
  };

  return {
    spans,

    /** Keeps spans as they are now; `newTree` makes a name that was never used. */
    async seal(bySpan: ReadonlyMap<number, readonly Sealed[]>, newTree: () => string): Promise<void> {
      const all = [...bySpan.keys()];
      if (all.length === 0) return;
      const before = await spans(Math.min(...all), Math.max(...all) + 1);
      const heads: DynamoItem[] = [];
      for (const [span, entries] of bySpan) {
        const tree = newTree();
        const puts: DynamoItem[] = [];
        const nodes = treeOf(entries);
        let next = nodes.next();
        for (; !next.done; next = nodes.next()) {
          puts.push({ ...nodeKey(tree, next.value.prefix), ...itemOf(next.value) });
        }
        await put(puts);
        const named = puts.length === 0 ? {} : { tree: { S: tree } };
        heads.push({ ...spanKey(span), digest: { B: packDigests([next.value]) }, ...named });
      }
      await put(heads);
      for (const span of all) {
        const old = before.get(span)?.tree;
        if (old === undefined) continue;
        const nodes = await itemsOf(`${pk} = :pk`, { ":pk": { S: `${spansKey}#${old}` } });
        const keys = nodes.map((item) => ({ [pk]: item[pk], [sk]: item[sk] }) as DynamoItem);
        await calls.write(
          table,
          keys.map((Key) => ({ DeleteRequest: { Key } })),
        );
      }
    },

    /** Digests of ranges of buckets of one span: level by level, one call for all of them. */
    async digests(tree: string, ranges: readonly BucketRange[]): Promise<readonly Digest[]> {
      const digests = ranges.map(() => emptyDigest);
      let asked = ranges.map((_, index) => ({ index, prefix: "" }));
      while (asked.length > 0) {
        const prefixes = [...new Set(asked.map(({ prefix }) => prefix))];
        const nodes = new Map((await nodesOf(tree, prefixes)).map((node) => [node.prefix, node]));
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
      const nodes = [...(await nodesOf(tree, prefixes))].sort((one, other) =>
        one.prefix < other.prefix ? -1 : 1,
      );
      for (const node of nodes) {
        if ("entries" in node) {
          const { fromBucket, toBucket } = range;
          const entries = node.entries.filter(({ bucket }) => bucket >= fromBucket && bucket < toBucket);
          yield { entries, toBucket: Math.min(toBucket, rangeOf(node.prefix).toBucket) };
        } else {
          const children = childrenIn(node, range).map(({ prefix }) => prefix);
          if (children.length > 0) yield* this.leaves(tree, range, children);
        }
      }
    },
  };
}

/** In the order of the spans. */
function spanText(span: number): string {
  return String(span).padStart(12, "0");
}

function itemOf(node: TreeNode): DynamoItem {
  if ("children" in node) return { children: { B: packDigests(node.children) } };
  return { entries: { S: JSON.stringify(node.entries.map(({ key, bucket, hash }) => [key, bucket, hash])) } };
}

function nodeOf(item: DynamoItem): TreeNode {
  const prefix = (item[sk]?.S ?? "n").slice(1);
  if (item.children?.B) return { prefix, children: unpackDigests(item.children.B) };
  const entries = JSON.parse(item.entries?.S ?? "[]") as readonly [string, number, string][];
  return { prefix, entries: entries.map(([key, bucket, hash]) => ({ key, bucket, hash })) };
}
