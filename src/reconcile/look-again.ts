import type { Clock } from "../clock.ts";
import { checkedSource } from "./checked-source.ts";
import { classify, type DifferenceClass } from "./difference.ts";
import type { ReconcileJob } from "./job.ts";
import { SourceFault } from "./source-fault.ts";
import type { OpenDifference, ReconcileStore } from "./state.ts";

/**
 * Looks every open difference up by key. Gone ones are closed, and those that turn out to be only late: they are there.
 * Others may be of another class by now. One whose records may have expired stays as it was last seen.
 */
export async function lookAgain(
  job: ReconcileJob,
  {
    store,
    owner,
    clock,
    options,
    expiredMs,
    owned,
  }: {
    readonly store: ReconcileStore;
    readonly owner: string;
    readonly clock: Clock;
    readonly options: { readonly lateAfterMs: number };
    /** Records older than this may be gone. */
    readonly expiredMs: number;
    readonly owned: (written: boolean) => void;
  },
): Promise<number> {
  const left = checkedSource(job.left);
  const right = checkedSource(job.right);
  let resolved = 0;
  let cursor: string | undefined;
  do {
    const page = await store.list(job.name, cursor);
    cursor = page.cursor;
    const known = page.open.filter(({ difference }) => difference.timeMs >= expiredMs);
    const keys = known.map(({ difference }) => difference.key);
    const seenMs = known.map(({ difference }) => difference.timeMs);
    if (keys.length === 0) continue;
    try {
      const [lefts, rights] = await Promise.all([left.lookup(keys, seenMs), right.lookup(keys, seenMs)]);
      const gone: string[] = [];
      const still: OpenDifference[] = [];
      known.forEach((one, index) => {
        const { key } = one.difference;
        const now = classify(key, lefts[index] ?? [], rights[index] ?? [], options);
        if (now && now.class !== "late") still.push({ ...one, difference: now, lastSeenMs: clock.nowMs() });
        else gone.push(key);
      });
      if (still.length > 0) owned(await store.open(job.name, owner, still));
      if (gone.length > 0) owned(await store.close(job.name, owner, gone));
      resolved += gone.length;
    } catch (error) {
      // What cannot be asked now stays as it was, and is asked by the next run.
      if (!(error instanceof SourceFault)) throw error;
    }
  } while (cursor !== undefined);
  return resolved;
}

/** The open differences of a job by class, and when the oldest was first seen. */
export async function countOpen(job: string, store: ReconcileStore) {
  const open: Partial<Record<DifferenceClass, number>> = {};
  let oldestOpenMs: number | undefined;
  let cursor: string | undefined;
  do {
    const page = await store.list(job, cursor);
    for (const { difference, firstSeenMs } of page.open) {
      open[difference.class] = (open[difference.class] ?? 0) + 1;
      oldestOpenMs = Math.min(oldestOpenMs ?? firstSeenMs, firstSeenMs);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { open, oldestOpenMs };
}
