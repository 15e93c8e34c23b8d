import { type Line, type Offset, type ReadLine, readLines, type Segments } from "../../src/segments/index.ts";

export interface MatchingOptions {
  /** Begins at this offset, itself included. */
  readonly from?: Offset | undefined;
  /** Ends before this offset; then what is not sealed is left out. */
  readonly to?: Offset | undefined;
  /** Effective times, from `fromMs` on, before `toMs`. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly matches: (line: Line) => boolean;
  /** Ends after so many. */
  readonly limit?: number | undefined;
  /** Told of every line that is read, whether it matches or not. */
  readonly onLine?: ((line: Line) => void) | undefined;
}

/** The lines that are asked for, in the order of `readLines`, each once. */
export async function* matchingLines(
  segments: Segments,
  { from, to, fromMs, toMs, matches, limit = Number.POSITIVE_INFINITY, onLine }: MatchingOptions,
): AsyncGenerator<ReadLine> {
  let left = limit;
  const pages = readLines(segments, {
    ...(from ? { from } : {}),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    unsealed: to === undefined,
  });
  for await (const page of pages) {
    for (const one of page) {
      if (to && one.offset && compareOffsets(one.offset, to) >= 0) return;
      onLine?.(one.line);
      if (!matches(one.line)) continue;
      yield one;
      if (--left <= 0) return;
    }
  }
}

/** The order in which lines were sealed: below 0 where `one` comes first. */
export function compareOffsets(one: Offset, other: Offset): number {
  if (one.span !== other.span) return one.span < other.span ? -1 : 1;
  return one.segment - other.segment || one.line - other.line;
}
