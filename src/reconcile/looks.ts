import { mergeSpans, withoutSpan } from "./spans.ts";
import type { Look, Progress, Span } from "./state.ts";

/** How long before its records expire a span has its last look: this part of `keepMs`, and two spans at least. */
const lastLookPart = 0.1;

/** What decides about what is to be looked at. */
export interface LookTimes {
  readonly atMs: number;
  readonly spanMs: number;
  readonly settleMs: number;
  readonly keepMs: number;
}

/** In every span before this something may have expired on one side: compared, it would only look missing. */
export function expiredMs({ atMs, spanMs, keepMs }: LookTimes): number {
  return Math.ceil((atMs - keepMs) / spanMs) * spanMs;
}

/** Everything before this has settled, in whole spans. */
export function settledMs({ atMs, spanMs, settleMs }: LookTimes): number {
  return floor(atMs - settleMs, spanMs);
}

/** Everything before this should have had its last look. Where nothing expires, nothing has one. */
export function lastLookMs(times: LookTimes): number {
  const { spanMs, keepMs } = times;
  if (!Number.isFinite(keepMs)) return Number.NEGATIVE_INFINITY;
  return expiredMs(times) + Math.max(2 * spanMs, floor(keepMs * lastLookPart, spanMs));
}

/** Of all that there is to be looked at now, in order: what was unknown, what has settled, what expires soon. */
export function looksOf(progress: Progress, times: LookTimes): readonly Look[] {
  const { comparedToMs, lastLookToMs } = progress;
  const expired = expiredMs(times);
  const look = (kind: Look["kind"], { fromMs, toMs }: Span): Look => ({
    kind,
    fromMs: Math.max(fromMs, expired),
    toMs,
  });
  return [
    ...againOf(progress).map((span) => look("again", span)),
    look("first", { fromMs: comparedToMs, toMs: settledMs(times) }),
    look("last", { fromMs: lastLookToMs, toMs: Math.min(comparedToMs, lastLookMs(times)) }),
  ].filter(({ fromMs, toMs }) => fromMs < toMs);
}

/** Everything before this was compared and is known, but for what has not settled yet. */
export function knownToMs({ comparedToMs, unknown, rest = [] }: Progress): number {
  return Math.min(comparedToMs, ...[...unknown, ...rest].map(({ fromMs }) => fromMs));
}

/** What is looked at again: what was unknown, and what was begun. */
export function againOf({ unknown, rest = [] }: Progress): readonly Span[] {
  return mergeSpans([...unknown, ...rest]);
}

/** Of what was settling, what is looked at for nothing else. */
export function settlingOf(progress: Progress, times: LookTimes): readonly Look[] {
  const { underWay = [] } = progress;
  return looksOf(progress, times)
    .reduce<readonly Span[]>(
      withoutSpan,
      withoutSpan(underWay, { fromMs: Number.NEGATIVE_INFINITY, toMs: expiredMs(times) }),
    )
    .map((span) => ({ kind: "settling", ...span }));
}

/** The first part of a look, `spans` long at most: on the grid of the spans, wherever the look begins. */
export function firstStep({ kind, fromMs, toMs }: Look, spans: number, spanMs: number): Look {
  return { kind, fromMs, toMs: Math.min(toMs, floor(fromMs, spanMs) + spans * spanMs) };
}

/** Looks in parts of `spans` at most, in order; no more than `most` of them. */
export function partsOf(
  looks: readonly Look[],
  { spans, spanMs, most }: { readonly spans: number; readonly spanMs: number; readonly most: number },
): readonly Look[] {
  const parts: Look[] = [];
  for (const look of looks) {
    for (let { fromMs } = look; fromMs < look.toMs && parts.length < most; ) {
      const part = firstStep({ ...look, fromMs }, spans, spanMs);
      parts.push(part);
      fromMs = part.toMs;
    }
  }
  return parts;
}

function floor(ms: number, spanMs: number): number {
  return Math.floor(ms / spanMs) * spanMs;
}
