import type { Line } from "./line.ts";
import { mergeRuns } from "./merge-runs.ts";
import type { Once } from "./once.ts";
import type { RawName } from "./raw-name.ts";
import { rawRun } from "./raw-objects.ts";
import type { Segments } from "./segments.ts";

/** Some sorted lines, and how many were left out on the way to them. */
export interface NewLines {
  readonly lines: readonly Line[];
  readonly duplicates: number;
}

/** The lines of raw objects of a span, sorted, each once: what sealing writes, and what readers see before it is sealed. */
export async function* newLines(
  segments: Segments,
  span: string,
  raws: readonly RawName[],
  once: Once,
): AsyncGenerator<NewLines> {
  const runs = raws.map((raw) => rawRun(segments, span, raw));
  for await (const batch of mergeRuns(runs, segments.kind)) {
    const lines: Line[] = [];
    for (const line of batch) {
      const isNew = once.isNew(line);
      if (isNew === true || (isNew !== false && (await isNew))) lines.push(line);
    }
    yield { lines, duplicates: batch.length - lines.length };
  }
}
