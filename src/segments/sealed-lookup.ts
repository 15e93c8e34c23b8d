import { coverage, type TimeRange } from "./coverage.ts";
import type { Line } from "./line.ts";
import type { ManifestSegment, SealedSpan } from "./manifest.ts";
import { readBlocks, readSidecarOf } from "./read-block.ts";
import type { Segments } from "./segments.ts";
import type { Block } from "./sidecar.ts";

/** Blocks whose identities are kept at hand: lines come in the order of time, so few are looked at in turn. */
const blocksAtHand = 32;
/** Blocks that are fetched by one range. */
const blocksAtOnce = 16;

/** Sealed segments, looked into by time. */
export interface SealedLookup {
  /** Whether any of them may hold lines of this effective time: without a look into the store. */
  mayHold(timeMs: number): boolean;
  /** Whether a line with this identity and effective time is in them. */
  has(line: Pick<Line, "timeMs" | "identity">): Promise<boolean>;
  /** The identities of all lines from that time on. */
  identitiesFrom(fromMs: number): AsyncIterable<string>;
}

interface Placed extends TimeRange {
  readonly span: string;
  readonly segment: ManifestSegment;
  /** Asked for once, with what it tells of its blocks. */
  sidecar: Promise<Covered> | undefined;
}

interface Covered {
  readonly blocks: readonly Block[];
  readonly blocksAt: (timeMs: number) => readonly Block[];
}

/** Makes a `SealedLookup` over these spans. Sidecars and blocks are read when a line asks for them. */
export function sealedLookup(segments: Segments, spans: readonly SealedSpan[]): SealedLookup {
  const placed: Placed[] = spans.flatMap(({ span, segments }) =>
    segments.map((segment) => {
      const { fromMs, toMs } = segment;
      return { span, segment, fromMs, toMs, sidecar: undefined };
    }),
  );
  const placedAt = coverage(placed);
  const atHand = new Map<Block, Promise<ReadonlySet<string>>>();

  const sidecarOf = (one: Placed): Promise<Covered> => {
    one.sidecar ??= readSidecarOf(segments, one.span, one.segment.name).then(({ blocks }) => ({
      blocks,
      blocksAt: coverage(blocks),
    }));
    return one.sidecar;
  };
  const identitiesOf = async ({ span, segment }: Placed, block: Block) => {
    const [lines = []] = await readBlocks(segments, span, segment.name, [block]);
    return new Set(lines.map((bytes) => segments.kind.parse(bytes).identity));
  };
  const blockAtHand = (one: Placed, block: Block): Promise<ReadonlySet<string>> => {
    const known = atHand.get(block) ?? identitiesOf(one, block);
    // The last one asked for is the last to be forgotten.
    atHand.delete(block);
    atHand.set(block, known);
    const [oldest] = atHand.keys();
    if (atHand.size > blocksAtHand && oldest) atHand.delete(oldest);
    return known;
  };

  return {
    mayHold: (timeMs) => placedAt(timeMs).length > 0,
    async has({ timeMs, identity }) {
      for (const one of placedAt(timeMs)) {
        for (const block of (await sidecarOf(one)).blocksAt(timeMs)) {
          if ((await blockAtHand(one, block)).has(identity)) return true;
        }
      }
      return false;
    },
    async *identitiesFrom(edgeMs) {
      for (const one of placed) {
        if (one.toMs < edgeMs) continue;
        const blocks = (await sidecarOf(one)).blocks.filter((block) => block.toMs >= edgeMs);
        for (let at = 0; at < blocks.length; at += blocksAtOnce) {
          const some = blocks.slice(at, at + blocksAtOnce);
          for (const lines of await readBlocks(segments, one.span, one.segment.name, some)) {
            for (const bytes of lines) yield segments.kind.parse(bytes).identity;
          }
        }
      }
    },
  };
}
