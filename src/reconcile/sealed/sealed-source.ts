import { addDigests, buckets, type Digest, type Entry, emptyDigest } from "../../digest/index.ts";
import type { LedgerSource, Window } from "../ports.ts";
import { sourceOverIndex } from "../source-over-index.ts";
import { type GrainIndex, grainIndex } from "./grain-index.ts";
import { keptMap } from "./kept-map.ts";
import type { PlacedSegment, SealedBook } from "./sealed-book.ts";
import type { Selection } from "./selection.ts";

/** Lines of grains under comparison that are indexed at once: 80 bytes each. */
const indexedRoom = 500_000;

/** What a source over sealed segments answers, without looking anything up. */
export interface SealedSource extends Pick<LedgerSource, "digest" | "entries"> {
  /** The index of a grain: of all its lines, as they are sealed. */
  grain(grain: number): Promise<GrainIndex>;
}

/**
 * A source over what is sealed of one kind. Digests of whole grains are sums over sidecars; where a set belongs in part, or
 * there are none, and below a grain, the blocks of that grain are read and indexed. Its answers change only with the book's
 * `refresh`: make another one then.
 */
export function sealedSource({
  name,
  book,
  selection,
}: {
  readonly name: string;
  readonly book: SealedBook;
  readonly selection: Selection;
}): SealedSource {
  const { grainMs } = book.segments;
  /** By segment: the digest of what belongs, grain by grain; `undefined` where lines must be read. */
  const summed = new Map<string, Promise<ReadonlyMap<number, Digest | undefined>>>();
  const indexes = keptMap<number, GrainIndex>(indexedRoom, ({ lines }) => lines);
  const grain = (nth: number) => indexes.get(nth, () => grainIndex(book, nth, selection));
  const within = (nth: number) =>
    sourceOverIndex({
      name,
      spanMs: grainMs,
      book: async () => {
        const { selected, lineAt } = await grain(nth);
        const read = async (ats: readonly number[]) => {
          const entries: Entry[] = [];
          for (const at of ats) entries.push((await lineAt(at)).entry);
          return entries;
        };
        return { index: selected, read };
      },
    });

  const sumUp = async (segment: PlacedSegment) => {
    const { blocks, sets } = await book.sidecar(segment);
    const found = new Map<number, Digest | undefined>();
    if (!sets) {
      for (const block of blocks) found.set(block.grain, undefined);
      return found;
    }
    for (const { set, digests } of sets) {
      for (const [nth, count, sum] of digests) {
        const { writtenByMs } = segment;
        const belongs = selection.ofSet(set, {
          fromMs: nth * grainMs,
          toMs: (nth + 1) * grainMs,
          writtenByMs,
        });
        if (belongs === "none") continue;
        const before = found.has(nth) ? found.get(nth) : emptyDigest;
        found.set(nth, belongs === "all" && before ? addDigests(before, { count, sum }) : undefined);
      }
    }
    return found;
  };
  const sumsOf = (segment: PlacedSegment) => {
    const id = `${segment.span}/${segment.name}`;
    const known = summed.get(id) ?? sumUp(segment);
    known.catch(() => summed.delete(id));
    summed.set(id, known);
    return known;
  };

  /** Of a stretch of time, grain by grain in order: the digest of what belongs, `undefined` where lines must be read. */
  const grainsOf = async ({ fromMs, toMs }: Pick<Window, "fromMs" | "toMs">) => {
    const grains = new Map<number, Digest | undefined>();
    for (const segment of await book.over(fromMs, toMs)) {
      for (const [nth, digest] of await sumsOf(segment)) {
        if (nth * grainMs >= toMs || (nth + 1) * grainMs <= fromMs) continue;
        const before = grains.has(nth) ? grains.get(nth) : emptyDigest;
        grains.set(nth, before && digest && addDigests(before, digest));
      }
    }
    return [...grains].sort(([one], [other]) => one - other);
  };
  const digestOfOne = async (window: Window): Promise<Digest> => {
    if (window.fromMs >= window.toMs) return emptyDigest;
    const isWhole = window.fromBucket <= 0 && window.toBucket >= buckets;
    let digest = emptyDigest;
    for (const [nth, known] of await grainsOf(window)) {
      const isCut = nth * grainMs < window.fromMs || (nth + 1) * grainMs > window.toMs;
      if (known && isWhole && !isCut) digest = addDigests(digest, known);
      else {
        const [part = emptyDigest] = await within(nth).digest([window]);
        digest = addDigests(digest, part);
      }
    }
    return digest;
  };

  return {
    grain,
    async digest(windows) {
      const digests: Digest[] = [];
      for (const window of windows) digests.push(await digestOfOne(window));
      return digests;
    },
    async entries(window, cursor) {
      const [at = Number.NEGATIVE_INFINITY, inner] = cursor?.split("/").map(Number) ?? [];
      const grains = (await grainsOf(window)).map(([nth]) => nth).filter((nth) => nth >= at);
      const [nth, next] = grains;
      if (nth === undefined) return { entries: [] };
      const page = await within(nth).entries(window, nth === at && inner ? String(inner) : undefined);
      const following =
        page.cursor === undefined ? (next === undefined ? undefined : `${next}/0`) : `${nth}/${page.cursor}`;
      return { entries: page.entries, ...(following === undefined ? {} : { cursor: following }) };
    },
  };
}
