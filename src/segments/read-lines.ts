import type { Line } from "./line.ts";
import type { Offset } from "./offset.ts";
import { type ReadOptions, readPages } from "./read-pages.ts";
import type { Segments } from "./segments.ts";
import { splitLines } from "./split-lines.ts";

/** A line, and its offset where it has one. */
export interface ReadLine {
  readonly line: Line;
  readonly offset: Offset | undefined;
}

/**
 * Reads lines span by span, in the order of offsets, and inside of a segment by time; spans that are not sealed yet come last
 * and as they would be sealed now, each identity once. Memory holds a few blocks. What is written meanwhile may or may not be seen.
 *
 * Of what is not sealed yet, a copy that names a time outside of those asked for is not known: see `readPages`.
 */
export async function* readLines(
  segments: Segments,
  options: ReadOptions = {},
): AsyncGenerator<readonly ReadLine[]> {
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = options;
  const isAsked = ({ line: { timeMs } }: ReadLine) => timeMs >= fromMs && timeMs < toMs;

  for await (const page of readPages(segments, options)) {
    if ("lines" in page) {
      yield page.lines.map((line) => ({ line, offset: undefined })).filter(isAsked);
      continue;
    }
    const { span, segment, block, skip } = page;
    const lines = splitLines(page.bytes).slice(skip);
    yield lines
      .map((bytes, at) => ({
        line: segments.kind.parse(bytes),
        offset: { span, segment, line: block.line + skip + at },
      }))
      .filter(isAsked);
  }
}
