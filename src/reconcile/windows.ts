import { buckets } from "../digest/index.ts";
import type { Window } from "./ports.ts";

/** Into how many parts a window that differs is split. */
const fanOut = 16;

export function isInside(
  { fromMs, toMs, fromBucket, toBucket }: Window,
  timeMs: number,
  bucket: number,
): boolean {
  return timeMs >= fromMs && timeMs < toMs && bucket >= fromBucket && bucket < toBucket;
}

/** All that happened in a span of time. */
export function wholeSpan(fromMs: number, toMs: number): Window {
  return { fromMs, toMs, fromBucket: 0, toBucket: buckets };
}

/**
 * The parts of a window: by time down to spans of `spanMs` on its own grid, so that sources can keep digests of whole
 * spans; below that by bucket. Empty when it cannot be split any more.
 */
export function splitWindow(window: Window, spanMs: number): readonly Window[] {
  const first = Math.floor(window.fromMs / spanMs);
  const spans = Math.ceil(window.toMs / spanMs) - first;
  if (spans > 1) {
    const step = Math.ceil(spans / fanOut);
    return Array.from({ length: Math.ceil(spans / step) }, (_, index) => ({
      ...window,
      fromMs: Math.max(window.fromMs, (first + index * step) * spanMs),
      toMs: Math.min(window.toMs, (first + (index + 1) * step) * spanMs),
    }));
  }
  const width = window.toBucket - window.fromBucket;
  if (width <= 1) return [];
  const step = Math.ceil(width / fanOut);
  return Array.from({ length: Math.ceil(width / step) }, (_, index) => ({
    ...window,
    fromBucket: window.fromBucket + index * step,
    toBucket: Math.min(window.toBucket, window.fromBucket + (index + 1) * step),
  }));
}
