import type { Clock } from "../clock.ts";
import { checkedSource } from "./checked-source.ts";
import { classify, type DifferenceClass } from "./difference.ts";
import type { Holding } from "./holding.ts";
import type { LookOptions } from "./look-at.ts";
import { lookUp } from "./look-up.ts";
import { SourceFault } from "./source-fault.ts";
import type { OpenDifference, ReconcileStore } from "./state.ts";

/**
 * Looks open differences up by key. Gone ones are closed, and those that turn out to be only late: they are there.
 * Others may be of another class by now. One whose records may have expired stays as it was last seen.
 *
 * Takes half of the time there is at most; where it stopped, the next run goes on.
 */
export async function lookAgain(
  job: string,
  {
    store,
    holding,
    clock,
    untilMs,
    expiredMs,
    ...options
  }: Omit<LookOptions, "write"> & {
    readonly store: ReconcileStore;
    readonly holding: Holding;
    readonly clock: Clock;
    readonly untilMs: number;
    /** Records older than this may be gone. */
    readonly expiredMs: number;
  },
): Promise<{ readonly resolved: number }> {
  const sides = { left: checkedSource(options.left), right: checkedSource(options.right) };
  const overMs = clock.nowMs() + (untilMs - clock.nowMs()) / 2;
  const { againFrom } = holding.progress;
  let resolved = 0;
  let cursor = againFrom;
  do {
    if (clock.nowMs() >= overMs) break;
    const page = await store.list(job, cursor);
    const known = page.open.filter(({ difference }) => difference.timeMs >= expiredMs);
    cursor = page.cursor;
    if (known.length === 0) continue;
    const asked = known.map(({ difference: { key, timeMs } }) => ({ key, seenMs: timeMs }));
    const found = await lookUp(sides, asked, options);
    const gone: string[] = [];
    const still: OpenDifference[] = [];
    for (const [index, one] of known.entries()) {
      const entries = found[index];
      // What cannot be asked now stays as it was, and is asked by the next run.
      if (!entries || entries instanceof SourceFault) continue;
      const { key } = one.difference;
      const now = classify(key, entries.left, entries.right, options);
      if (now && now.class !== "late") still.push({ ...one, difference: now, lastSeenMs: clock.nowMs() });
      else gone.push(key);
    }
    if (still.length > 0) await holding.open(still);
    if (gone.length > 0) await holding.close(gone);
    resolved += gone.length;
  } while (cursor !== undefined);
  if (cursor !== againFrom) await holding.save({ ...holding.progress, againFrom: cursor });
  return { resolved };
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
