import type { Line, ReadLine, Segments } from "../../src/segments/index.ts";
import { matchingLines } from "./matching-lines.ts";

/** Shares of the time that are read first: on a busy bus the last seconds have enough. */
const shares = [1 / 60, 1 / 6, 1];

/** The last lines that are asked for, no more than `count`, none of them older than `withinMs`; the newest one last. */
export async function lastLines(
  segments: Segments,
  {
    count,
    withinMs,
    matches,
    onLine,
  }: {
    readonly count: number;
    readonly withinMs: number;
    readonly matches: (line: Line) => boolean;
    /** Told of every line that is read, some of them more than once. */
    readonly onLine?: ((line: Line) => void) | undefined;
  },
): Promise<readonly ReadLine[]> {
  const nowMs = segments.clock.nowMs();
  let last: ReadLine[] = [];
  for (const share of shares) {
    last = [];
    for await (const one of matchingLines(segments, { fromMs: nowMs - withinMs * share, matches, onLine })) {
      last.push(one);
      if (last.length > count) last.shift();
    }
    if (last.length >= count) break;
  }
  return last;
}
