import type { SealedSpan } from "../../segments/index.ts";
import type { TurnedUp } from "../job.ts";
import { mergeSpans } from "../spans.ts";
import type { Span } from "../state.ts";
import type { PlacedSegment, SealedBook } from "./sealed-book.ts";
import type { Selection } from "./selection.ts";

/** What was seen of a book: everything before `fromMs`, and of each span since then so many segments. */
interface Seen {
  readonly spanMs: number;
  readonly fromMs: number;
  /** Span by span from then on; 0: it was not sealed. */
  readonly segments: readonly number[];
}

/**
 * The stretches of effective time in which entries that belong have been sealed since, and what to ask with next time. Asked
 * without anything it tells of nothing: there is no time before it.
 */
export async function turnedUpIn(
  book: SealedBook,
  selection: Selection,
  since: string | undefined,
): Promise<TurnedUp> {
  const { clock, spanMs, reachMs, grainMs } = book.segments;
  // Whatever is sealed later than this is sealed in a span that nobody has seen.
  const nextFromMs = Math.floor((clock.nowMs() - reachMs - 2 * spanMs) / spanMs) * spanMs;
  const before = since === undefined ? undefined : (JSON.parse(since) as Seen);
  const fromMs = Math.min(before?.fromMs ?? nextFromMs, nextFromMs);
  const sealed = await book.spans(fromMs);
  const found: Span[] = [];
  if (before) {
    for (const span of sealed) {
      // Where spans have another length by now, all of it is looked at once more.
      const nth = before.spanMs === spanMs ? (span.fromMs - before.fromMs) / spanMs : Number.NaN;
      const seen = before.segments[nth] ?? 0;
      for (const segment of placed(span, spanMs).slice(seen)) {
        for (const grain of await grainsOf(book, segment, selection)) {
          found.push({ fromMs: grain * grainMs, toMs: (grain + 1) * grainMs });
        }
      }
    }
  }
  const counts = new Map(sealed.map((span) => [span.fromMs, span.segments.length]));
  const lastMs = Math.max(nextFromMs, ...counts.keys());
  const segments: number[] = [];
  for (let atMs = nextFromMs; atMs <= lastMs; atMs += spanMs) segments.push(counts.get(atMs) ?? 0);
  return {
    spans: mergeSpans(found),
    to: JSON.stringify({ spanMs, fromMs: nextFromMs, segments } satisfies Seen),
  };
}

function placed({ span, fromMs, segments }: SealedSpan, spanMs: number): readonly PlacedSegment[] {
  return segments.map((one, ordinal) => ({ ...one, span, ordinal, writtenByMs: fromMs + spanMs }));
}

/** The grains in which a segment has entries that belong, or may. */
async function grainsOf(
  book: SealedBook,
  segment: PlacedSegment,
  selection: Selection,
): Promise<ReadonlySet<number>> {
  const { grainMs } = book.segments;
  const { blocks, sets } = await book.sidecar(segment);
  if (!sets) return new Set(blocks.map(({ grain }) => grain));
  const { writtenByMs } = segment;
  const belongs = (set: unknown, nth: number) =>
    selection.ofSet(set, { fromMs: nth * grainMs, toMs: (nth + 1) * grainMs, writtenByMs }) !== "none";
  return new Set(
    sets.flatMap(({ set, digests }) => digests.map(([nth]) => nth).filter((nth) => belongs(set, nth))),
  );
}
