import { type Digest, emptyDigest } from "../../digest/index.ts";
import { jobsKeyAttribute as pk, reconcileKeys, jobsSortAttribute as sk } from "../../names.ts";
import type { DynamoItem, DynamoTableCalls } from "./dynamo-calls.ts";
import { dynamoNodes, TreeGone } from "./dynamo-nodes.ts";
import { packDigests, type Sealed, unpackDigests } from "./sealed-node.ts";
import { treeOf } from "./sealed-tree.ts";

/** What is known of a sealed span: its digest, and which tree is its; none where nothing is in it. */
export interface SealedSpan {
  readonly digest: Digest;
  readonly tree: string | undefined;
  /** Of how many nodes the tree is. */
  readonly nodes: number | undefined;
}

/** Spans whose items are read by one query, though those between them are not asked for: about one read unit of them. */
const nearSpans = 32;
const spansRemembered = 10_000;
/** Requests that wait for more, so that a call is full. */
const writtenAtOnce = 25;

/**
 * Sealed spans in a DynamoDB table, by items: one for each span, with its digest, and a tree of nodes for what is inside.
 * A span's item is written last and tells which tree counts, so that readers see one sealing or another, never two.
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
  const { itemOf, keysOf, digests, leaves } = dynamoNodes({ calls, table, source: spansKey });
  /** Spans as they were read last: until we seal them again, or their trees are gone, one sealing is as good as the next. */
  const known = new Map<number, SealedSpan>();

  /** Of these spans, in order, the ones that are sealed: as the table has it. */
  const read = async (asked: Iterable<number>): Promise<ReadonlyMap<number, SealedSpan>> => {
    const found = new Map<number, SealedSpan>();
    for (const { from, to } of runsOf(asked)) {
      const part = {
        KeyConditionExpression: `${pk} = :pk AND ${sk} BETWEEN :from AND :to`,
        ExpressionAttributeValues: {
          ":pk": { S: spansKey },
          ":from": { S: spanText(from) },
          ":to": { S: spanText(to) },
        },
      };
      let start: DynamoItem | undefined;
      do {
        const page = await calls.page(table, part, start, true);
        for (const item of page.items) found.set(Number(item[sk]?.S), sealedSpanOf(item));
        start = page.next;
      } while (start);
    }
    return found;
  };
  /** Writes, a full call at a time. */
  const writing = () => {
    let waiting: Parameters<DynamoTableCalls["write"]>[1][number][] = [];
    const flush = async () => {
      const some = waiting;
      waiting = [];
      await calls.write(table, some);
    };
    const add = async (request: (typeof waiting)[number]) => {
      waiting.push(request);
      if (waiting.length >= writtenAtOnce) await flush();
    };
    return {
      put: (Item: DynamoItem) => add({ PutRequest: { Item } }),
      remove: (Key: DynamoItem) => add({ DeleteRequest: { Key } }),
      flush,
    };
  };

  return {
    digests,
    leaves,

    /** Of these spans, in order, the ones that are sealed. */
    async spans(asked: readonly number[]): Promise<ReadonlyMap<number, SealedSpan>> {
      if (known.size > spansRemembered) known.clear();
      const newly = await read(asked.filter((span) => !known.has(span)));
      for (const [span, one] of newly) known.set(span, one);
      const found = new Map<number, SealedSpan>();
      for (const span of asked) {
        const one = known.get(span);
        if (one) found.set(span, one);
      }
      return found;
    },

    /** Does it, and once more with spans as the table has them when a tree is gone: somebody else has sealed meanwhile. */
    async asSealed<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof TreeGone)) throw error;
        known.clear();
        return work();
      }
    },

    /** Keeps spans, in order, as they are now; `newTree` makes a name that was never used. */
    async seal(
      all: readonly number[],
      entriesOf: (span: number) => Iterable<Sealed>,
      newTree: () => string,
    ): Promise<void> {
      const before = await read(all);
      const { put, remove, flush } = writing();
      const heads: DynamoItem[] = [];
      for (const span of all) {
        const tree = newTree();
        const nodes = treeOf(entriesOf(span));
        let count = 0;
        let next = nodes.next();
        for (; !next.done; next = nodes.next()) {
          await put(itemOf(tree, next.value));
          count++;
        }
        heads.push({
          [pk]: { S: spansKey },
          [sk]: { S: spanText(span) },
          digest: { B: packDigests([next.value]) },
          ...(count > 0 && { tree: { S: tree }, nodes: { N: String(count) } }),
        });
      }
      await flush();
      for (const head of heads) await put(head);
      await flush();
      for (const span of all) known.delete(span);
      for (const { tree, nodes } of before.values()) {
        if (tree === undefined) continue;
        for await (const keys of keysOf(tree, nodes)) for (const key of keys) await remove(key);
      }
      await flush();
    },
  };
}

/** Spans in order as runs from the first to the last one; those that lie near to each other in one. */
function runsOf(spans: Iterable<number>): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = runs.at(-1);
    if (last && span - last.to <= nearSpans) last.to = span;
    else runs.push({ from: span, to: span });
  }
  return runs;
}

/** In the order of the spans. */
function spanText(span: number): string {
  return String(span).padStart(12, "0");
}

function sealedSpanOf({ digest, tree, nodes }: DynamoItem): SealedSpan {
  const [found = emptyDigest] = unpackDigests(digest?.B ?? new Uint8Array());
  return { digest: found, tree: tree?.S, nodes: nodes?.N === undefined ? undefined : Number(nodes.N) };
}
