import {
  type Block,
  type Line,
  listSpans,
  type ManifestSegment,
  readBlocks,
  readManifest,
  readSidecarOf,
  type SealedSpan,
  type Segments,
  type Sidecar,
  spanStartMs,
} from "../../segments/index.ts";
import { atOnce } from "./at-once.ts";
import { keptMap } from "./kept-map.ts";

/** A sealed segment, and where it stands. */
export interface PlacedSegment extends ManifestSegment {
  readonly span: string;
  /** Its place in the manifest. */
  readonly ordinal: number;
  /** When its span ended: none of its lines is written later. */
  readonly writtenByMs: number;
}

/** How far from its effective time a line may be written. */
export interface WrittenWithin {
  readonly beforeMs: number;
  readonly afterMs: number;
}

/**
 * What is sealed of one kind, as it was at the last `refresh`: until the next one all answers agree with each other. Manifests,
 * sidecars and blocks that were read are kept, since nothing of them changes; of sidecars and blocks, as many as there is room for.
 */
export interface SealedBook {
  readonly segments: Segments;
  /** Looks for what was sealed since. */
  refresh(): void;
  /** The sealed spans that began at a moment or later, oldest first. */
  spans(fromMs: number): Promise<readonly SealedSpan[]>;
  /** The segments that hold lines of a stretch of effective time. */
  over(fromMs: number, toMs: number): Promise<readonly PlacedSegment[]>;
  /** When the first span began that is not sealed, of those that may hold lines of that effective time or later. */
  unsealedFromMs(effectiveMs: number): Promise<number | undefined>;
  sidecar(segment: PlacedSegment): Promise<Sidecar>;
  lines(segment: PlacedSegment, block: Block): Promise<readonly Line[]>;
}

const readsAtOnce = 16;
/** Blocks and digests of sidecars: some 60 bytes each. */
const sidecarRoom = 400_000;
/** Unpacked bytes; lines that were taken apart need some times more. */
const blockRoom = 16 * 1024 * 1024;

/** Makes a `SealedBook` of one kind. Keep it between runs: what it has read it does not read again. */
export function sealedBook(segments: Segments, within: WrittenWithin): SealedBook {
  const { clock, spanMs, reachMs } = segments;
  /** `undefined`: it was not sealed when it was looked at. */
  const known = new Map<string, SealedSpan | undefined>();
  let listed: { readonly fromMs: number; readonly names: Promise<readonly string[]> } | undefined;
  const sidecars = keptMap<string, Sidecar>(sidecarRoom, ({ blocks, sets = [] }) =>
    sets.reduce((sum, { digests }) => sum + digests.length, blocks.length),
  );
  const blocks = keptMap<string, readonly Line[]>(blockRoom, (lines) =>
    lines.reduce((sum, { bytes }) => sum + bytes.length, 0),
  );

  const list = async (fromMs: number) => {
    const names: string[] = [];
    for await (const span of listSpans(segments, { fromMs: Math.max(0, fromMs) })) names.push(span);
    return names;
  };
  const namesFrom = async (fromMs: number): Promise<readonly string[]> => {
    if (!listed || listed.fromMs > fromMs) {
      const made = { fromMs, names: list(fromMs) };
      made.names.catch(() => {
        if (listed === made) listed = undefined;
      });
      listed = made;
    }
    return (await listed.names).filter((span) => startOf(span) >= fromMs);
  };
  const lookAt = async (span: string) => {
    if (known.has(span)) return known.get(span);
    const found = await readManifest(segments, span);
    // Without its inputs: they are many, and nobody asks for them here.
    const sealed = found && {
      span,
      fromMs: found.manifest.fromMs,
      segments: found.manifest.segments,
    };
    known.set(span, sealed);
    return sealed;
  };
  const spans = async (fromMs: number, toMs = Number.POSITIVE_INFINITY): Promise<readonly SealedSpan[]> => {
    const names = (await namesFrom(fromMs)).filter((span) => startOf(span) < toMs);
    return (await atOnce(names, readsAtOnce, lookAt)).flatMap((one) => one ?? []);
  };

  return {
    segments,
    refresh() {
      listed = undefined;
      const recentMs = clock.nowMs() - reachMs - 2 * spanMs;
      for (const [span, sealed] of known) if (!sealed || sealed.fromMs >= recentMs) known.delete(span);
    },
    spans: (fromMs) => spans(fromMs),
    async over(fromMs, toMs) {
      const found = await spans(fromMs - within.beforeMs - spanMs, toMs + within.afterMs);
      return found
        .flatMap(({ span, fromMs: beganMs, segments: named }) =>
          named.map((one, ordinal) => ({ ...one, span, ordinal, writtenByMs: beganMs + spanMs })),
        )
        .filter((one) => one.toMs >= fromMs && one.fromMs < toMs);
    },
    async unsealedFromMs(effectiveMs) {
      const names = await namesFrom(effectiveMs - within.beforeMs - spanMs);
      const sealed = await atOnce(names, readsAtOnce, lookAt);
      const first = names.find((_, index) => sealed[index] === undefined);
      return first === undefined ? undefined : startOf(first);
    },
    sidecar: ({ span, name }) => sidecars.get(name, () => readSidecarOf(segments, span, name)),
    lines: ({ span, name }, block) =>
      blocks.get(`${name}/${block.offset}`, async () => {
        const [lines = []] = await readBlocks(segments, span, name, [block]);
        return lines.map((bytes) => segments.kind.parse(bytes));
      }),
  };
}

function startOf(span: string): number {
  return spanStartMs(span) ?? 0;
}
