import type { Span } from "./state.ts";

/** So many are remembered with a job: about 30 KB. */
const mostSpans = 500;

/**
 * Spans that touch or overlap as one: a list of what is unknown must stay short, however long a source is down. Of more than
 * 500, those that are nearest to each other become one: what lies between them is compared again, for nothing but safety.
 */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((one, other) => one.fromMs - other.fromMs);
  const found: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of sorted) {
    if (fromMs >= toMs) continue;
    const last = found.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else found.push({ fromMs, toMs });
  }
  const gaps = found.slice(1).map(({ fromMs }, index) => ({ index, ms: fromMs - (found[index]?.toMs ?? 0) }));
  const nearest = gaps
    .sort((one, other) => one.ms - other.ms)
    .slice(0, Math.max(0, found.length - mostSpans));
  const closed = new Set(nearest.map(({ index }) => index));
  const merged: { fromMs: number; toMs: number }[] = [];
  for (const [index, span] of found.entries()) {
    const last = merged.at(-1);
    if (last && closed.has(index - 1)) last.toMs = span.toMs;
    else merged.push(span);
  }
  return merged;
}

/** What is left of spans without one of them, or a part of one. */
export function withoutSpan(spans: readonly Span[], { fromMs, toMs }: Span): readonly Span[] {
  return spans
    .flatMap((span) => [
      { fromMs: span.fromMs, toMs: Math.min(span.toMs, fromMs) },
      { fromMs: Math.max(span.fromMs, toMs), toMs: span.toMs },
    ])
    .filter((span) => span.fromMs < span.toMs);
}
