import type { Line } from "./line.ts";
import type { Run } from "./run.ts";
import { diskScratch } from "./scratch.ts";
import type { SegmentKind } from "./segment-kind.ts";
import { overlapOf, sweepMerge } from "./sweep-merge.ts";

/** Runs that may be open at once: each of them holds its packed bytes and one unpacked block. */
const maxOpen = 64;

/**
 * Merges any number of runs in bounded memory. As long as few of them overlap, in one sweep; where many do (a backlog was
 * archived by many at once, and each has lines of all its time), some at a time are merged into one on disk first.
 */
export async function* mergeRuns(
  runs: readonly Run[],
  kind: SegmentKind,
  most = maxOpen,
): AsyncGenerator<readonly Line[]> {
  const scratch = diskScratch(kind);
  try {
    let left = [...runs].sort((one, other) => one.firstMs - other.firstMs);
    while (overlapOf(left) > most) {
      const merged: Run[] = [];
      for (let at = 0; at < left.length; at += most) {
        merged.push(await scratch.keep(sweepMerge(left.slice(at, at + most))));
      }
      left = merged;
    }
    yield* sweepMerge(left);
  } finally {
    await scratch.dispose();
  }
}
