import type { Window } from "../ports.ts";
import type { dynamoSealed, SealedSpan } from "./dynamo-sealed.ts";
import type { Sealed } from "./sealed-node.ts";

/** Entries told together: what one BatchGetItem answers. */
const pageEntries = 100;

/** Some of what was sealed of a window: entries of one span, and where the next ones are. */
export interface SealedPage {
  readonly span: number;
  readonly entries: readonly Sealed[];
  readonly cursor: string | undefined;
}

/** What was sealed, by windows. */
export function sealedPages({
  sealed,
  spanMs,
}: {
  readonly sealed: Pick<ReturnType<typeof dynamoSealed>, "spans" | "leaves">;
  readonly spanMs: number;
}) {
  /** The spans that a window touches. */
  const spansOf = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) => {
    const first = Math.floor(fromMs / spanMs);
    return Array.from({ length: Math.max(0, Math.ceil(toMs / spanMs) - first) }, (_, index) => first + index);
  };
  /** These spans, in order; `undefined` where one of them is not sealed. */
  const touched = (window: Window, spans: ReadonlyMap<number, SealedSpan>) => {
    const parts: (readonly [number, SealedSpan])[] = [];
    for (const span of spansOf(window)) {
      const found = spans.get(span);
      if (!found) return undefined;
      parts.push([span, found]);
    }
    return parts;
  };

  return {
    spansOf,

    /** The spans that a window is made of; `undefined` where it cuts one, or one is not sealed. */
    partsOf(window: Window, spans: ReadonlyMap<number, SealedSpan>): readonly SealedSpan[] | undefined {
      if (window.fromMs % spanMs !== 0 || window.toMs % spanMs !== 0) return undefined;
      return touched(window, spans)?.map(([, span]) => span);
    },

    /** A page of what was sealed of a window; `undefined` where not all of it is, or a cursor tells of the moment. */
    async pageOf(window: Window, cursor: string | undefined): Promise<SealedPage | undefined> {
      if (cursor !== undefined && !cursor.startsWith("sealed:")) return undefined;
      const parts = touched(window, await sealed.spans(spansOf(window)));
      if (!parts) return undefined;
      const [fromSpan = 0, fromBucket = 0] = cursor?.slice(7).split("-").map(Number) ?? [];
      for (const [span, { tree }] of parts) {
        if (tree === undefined || span < fromSpan) continue;
        const range = {
          fromBucket: span === fromSpan ? Math.max(fromBucket, window.fromBucket) : window.fromBucket,
          toBucket: window.toBucket,
        };
        const entries: Sealed[] = [];
        let reached = range.toBucket;
        for await (const leaf of sealed.leaves(tree, range)) {
          entries.push(...leaf.entries);
          if (entries.length < pageEntries) continue;
          reached = leaf.toBucket;
          break;
        }
        if (entries.length === 0) continue;
        if (reached < range.toBucket) return { span, entries, cursor: `sealed:${span}-${reached}` };
        const isLast = !parts.some(([other, { tree }]) => other > span && tree !== undefined);
        return { span, entries, cursor: isLast ? undefined : `sealed:${span + 1}-0` };
      }
      return { span: 0, entries: [], cursor: undefined };
    },
  };
}
