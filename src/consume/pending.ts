import type { BatchRun } from "./batch-run.ts";

/** Keeps work that must be over before the batch is answered; it may not reject. */
export function pend(work: Promise<void>, { pending }: BatchRun): Promise<void> {
  const kept = work.finally(() => pending.delete(kept));
  pending.add(kept);
  return kept;
}

/**
 * Waits until all pending work is over, whoever else waits for it too. What it waits for goes through one of the four
 * groups, so writing these again and again, until nothing is pending, is all that it takes.
 */
export async function flush(run: BatchRun): Promise<void> {
  while (run.pending.size > 0) await writeGroups(run);
}

/**
 * Waits for one piece of pending work. While other handlers run, theirs may still join its group; when none does, nobody
 * else will come, and the groups are written at once.
 */
export async function waitFor(work: Promise<void>, run: BatchRun): Promise<void> {
  let over = false;
  const done = work.then(() => {
    over = true;
  });
  while (!over) {
    if (run.running.none) await writeGroups(run);
    else await Promise.race([done, run.running.idle()]);
  }
}

async function writeGroups({ endings, records, commits, emits }: BatchRun): Promise<void> {
  await Promise.all([endings.flush(), records.flush(), commits.flush(), emits.flush()]);
}
