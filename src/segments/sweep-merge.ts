import { heapOf } from "../heap.ts";
import { compareLines, type Line } from "./line.ts";
import type { LineReader, Run } from "./run.ts";

/** Runs that are fetched before their time has come, so that nobody waits for each of them. */
const fetchedAhead = 8;
const batchLines = 512;

/**
 * Merges sorted runs into one, in batches. A run is opened when the output reaches its first time and let go behind its last
 * line, so memory holds the runs that overlap and no others.
 */
export async function* sweepMerge(runs: readonly Run[]): AsyncGenerator<readonly Line[]> {
  const waiting = [...runs].sort((one, other) => one.firstMs - other.firstMs || one.lastMs - other.lastMs);
  const fetching: Promise<LineReader>[] = [];
  const open = heapOf<{ line: Line; readonly reader: LineReader }>((one, other) =>
    compareLines(one.line, other.line),
  );
  let begun = 0;
  let opened = 0;
  const openNext = async () => {
    for (; begun < waiting.length && begun < opened + fetchedAhead; begun++) {
      const reader = (waiting[begun] as Run).open();
      // Looked at when its turn comes; until then its failure is nobody's.
      reader.catch(() => {});
      fetching.push(reader);
    }
    opened++;
    const reader = (await fetching.shift()) as LineReader;
    const line = reader.next();
    if (line) open.push({ line, reader });
  };

  let batch: Line[] = [];
  for (;;) {
    const first = open.peek();
    const next = waiting[opened];
    if (next && (!first || next.firstMs <= first.line.timeMs)) {
      await openNext();
      continue;
    }
    if (!first) break;
    batch.push(first.line);
    const line = first.reader.next();
    if (line) open.replace({ line, reader: first.reader });
    else open.pop();
    if (batch.length >= batchLines) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** How many runs are open at the same time, at most, when these are merged. */
export function overlapOf(runs: readonly Run[]): number {
  const edges = runs.flatMap(({ firstMs, lastMs }) => [
    { atMs: firstMs, step: 1 },
    { atMs: lastMs, step: -1 },
  ]);
  // Where one ends in the very millisecond in which another begins, both are open.
  edges.sort((one, other) => one.atMs - other.atMs || other.step - one.step);
  let now = 0;
  let most = 0;
  for (const { step } of edges) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
