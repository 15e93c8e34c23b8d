import type { Span } from "./state.ts";

/** Spans that touch or overlap as one: a list of what is unknown must stay short, however long a source is down. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((one, other) => one.fromMs - other.fromMs);
  const found: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of sorted) {
    if (fromMs >= toMs) continue;
    const last = found.at(-1);
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else found.push({ fromMs, toMs });
  }
  return found;
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
