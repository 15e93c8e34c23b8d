import type { Line, ReadLine, Segments } from "../../src/segments/index.ts";
import { followLines } from "./follow-lines.ts";
import { lastLines } from "./last-lines.ts";
import { type MatchingOptions, matchingLines } from "./matching-lines.ts";

export interface TailOptions extends Omit<MatchingOptions, "onLine"> {
  /** Where a beginning is given, ends after so many; without one, begins with the last so many. @default 20 of the last ones */
  readonly limit?: number | undefined;
  /** Without a beginning, nothing older than this comes first. @default 10 minutes */
  readonly withinMs?: number;
  /** Goes on with what turns up, looking once a second, until `signal` aborts. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The lines of an archive from somewhere on, or the last ones; then those that turn up, each once. A line that has just turned up
 * has no offset yet.
 */
export async function* tailLines(
  segments: Segments,
  { limit, withinMs = 600_000, follow = false, signal, ...asked }: TailOptions,
): AsyncGenerator<ReadLine> {
  const hasBeginning = asked.from !== undefined || asked.fromMs !== undefined;
  // Before anything is read, so that nothing is missed between.
  const follower = follow ? await followLines(segments) : undefined;
  const onLine = follower && ((line: Line) => follower.know(line));
  const first = hasBeginning
    ? matchingLines(segments, { ...asked, limit, onLine })
    : await lastLines(segments, { count: limit ?? 20, withinMs, matches: asked.matches, onLine });
  let left = hasBeginning ? (limit ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  for await (const one of first) {
    if (signal?.aborted) return;
    yield one;
    left--;
  }
  if (!follower || left <= 0) return;
  for await (const lines of follower.lines(signal ? { signal } : {})) {
    for (const line of lines) {
      if (!asked.matches(line)) continue;
      yield { line, offset: undefined };
      if (--left <= 0) return;
    }
  }
}
