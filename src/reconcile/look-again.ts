import type { Clock } from "../clock.ts";
import { checkedSource } from "./checked-source.ts";
import { classify, type Difference, type DifferenceClass } from "./difference.ts";
import type { Holding } from "./holding.ts";
import type { LookOptions } from "./look-at.ts";
import { lookUp } from "./look-up.ts";
import { outOfTime } from "./patient-source.ts";
import { SourceFault } from "./source-fault.ts";
import type { OpenDifference, ReconcileStore, UnknownSpan } from "./state.ts";
import { told } from "./told.ts";

/** What looking again has brought. */
export interface LookedAgain {
  readonly resolved: number;
  /** Why some could not be looked up: a span of time for each side that is to blame. */
  readonly unknown: readonly UnknownSpan[];
}

/** Unchanged differences are written down again when they were last seen longer ago than this: a write costs. */
const seenAgainMs = 86_400_000;

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
    ...options
  }: Omit<LookOptions, "write"> & {
    readonly store: ReconcileStore;
    readonly holding: Holding;
    readonly clock: Clock;
    readonly untilMs: number;
  },
): Promise<LookedAgain> {
  const sides = { left: checkedSource(options.left), right: checkedSource(options.right) };
  const overMs = clock.nowMs() + (untilMs - clock.nowMs()) / 2;
  const { againFrom } = holding.progress;
  const isThere = ({ difference }: OpenDifference) => difference.timeMs >= clock.nowMs() - options.keepMs;
  const unknown = new Map<string, UnknownSpan>();
  const note = ({ code, source, message }: SourceFault, { timeMs }: Difference) => {
    if (code === outOfTime) return;
    const before = unknown.get(source) ?? { fromMs: timeMs, toMs: timeMs, source, message };
    const toMs = Math.max(before.toMs, timeMs + 1);
    unknown.set(source, { ...before, fromMs: Math.min(before.fromMs, timeMs), toMs });
  };
  let resolved = 0;
  let cursor = againFrom;
  do {
    if (clock.nowMs() >= overMs) break;
    const page = await store.list(job, cursor);
    const known = page.open.filter(isThere);
    cursor = page.cursor;
    if (known.length === 0) continue;
    const asked = known.map(({ difference: { key, timeMs } }) => ({ key, seenMs: timeMs }));
    const found = await lookUp(sides, asked, options);
    const gone: string[] = [];
    const still: OpenDifference[] = [];
    for (const [index, one] of known.entries()) {
      const entries = found[index];
      const { key } = one.difference;
      // What cannot be asked now stays as it was, and is asked by the next run.
      if (entries instanceof SourceFault) note(entries, one.difference);
      if (!entries || entries instanceof SourceFault || !isThere(one)) continue;
      // What has not settled may explain it away now, and not any more when the rest has come.
      if (entries.underWay !== undefined) continue;
      if ([...entries.left, ...entries.right].some(({ timeMs }) => timeMs >= options.settledBeforeMs))
        continue;
      const now = classify(key, entries.left, entries.right, options);
      const seen = now && { ...one, difference: now, lastSeenMs: clock.nowMs() };
      if (seen?.difference.class === "late" || !seen) gone.push(key);
      else if (isNews(one, seen)) still.push(seen);
    }
    if (still.length > 0) await holding.open(still);
    if (gone.length > 0) await holding.close(gone);
    resolved += gone.length;
  } while (cursor !== undefined);
  if (cursor !== againFrom) await holding.save({ ...holding.progress, againFrom: cursor });
  return { resolved, unknown: [...unknown.values()] };
}

/** Whether it is worth a write. */
function isNews(before: OpenDifference, now: OpenDifference): boolean {
  if (now.lastSeenMs - before.lastSeenMs >= seenAgainMs) return true;
  return JSON.stringify(told(now.difference)) !== JSON.stringify(told(before.difference));
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
