/** How far an event's own time may lie from the moment at which it was seen. */
export interface TimeBounds {
  readonly beforeMs: number;
  readonly afterMs: number;
}

/**
 * The time that a line is kept under: its event's own, unless that is too far from the moment at which it was seen, or cannot be
 * read; then that moment. A wrong clock, or an event that tells of long ago, must not spread a span over all of history.
 */
export function effectiveTime(
  own: string,
  seenMs: number,
  { beforeMs, afterMs }: TimeBounds,
): { readonly timeMs: number; readonly isOwn: boolean } {
  const ownMs = Date.parse(own);
  const isOwn = ownMs >= seenMs - beforeMs && ownMs <= seenMs + afterMs && ownMs >= 0;
  return { timeMs: isOwn ? ownMs : seenMs, isOwn };
}
