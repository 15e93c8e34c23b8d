import { type Clock, systemClock } from "../../src/clock.ts";
import type { ReconcilerSettings } from "../../src/env.ts";
import type { DifferenceClass, OpenDifference } from "../../src/reconcile/index.ts";
import type { JobCalls } from "./ports.ts";

/** Which open differences are meant. */
export interface OpenSelection {
  readonly key?: string | undefined;
  readonly class?: DifferenceClass | undefined;
  /** First seen so long ago, or longer. */
  readonly olderThanMs?: number | undefined;
}

/** Open differences of a job, one page; and how many there are in all. */
export interface OpenShown {
  readonly shown: readonly OpenDifference[];
  /** Of those that are meant. */
  readonly selected: number;
}

/**
 * Looks through what is open, and answers those that are meant, the oldest first: `limit` of them, after `skip`. Memory hangs
 * on these two, however much is open.
 */
export async function showOpen(
  calls: Pick<JobCalls, "store">,
  { bus, job }: ReconcilerSettings,
  {
    selection,
    limit,
    skip = 0,
    clock = systemClock,
  }: {
    readonly selection: OpenSelection;
    readonly limit: number;
    readonly skip?: number;
    readonly clock?: Clock;
  },
): Promise<OpenShown> {
  const store = calls.store(bus);
  if (selection.key !== undefined) {
    const [one] = await store.find(job, [selection.key]);
    return one ? { shown: [one], selected: 1 } : { shown: [], selected: 0 };
  }
  const before = clock.nowMs() - (selection.olderThanMs ?? 0);
  let selected = 0;
  let oldest: OpenDifference[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(job, cursor);
    cursor = page.cursor;
    const meant = page.open.filter(
      ({ difference, firstSeenMs }) =>
        firstSeenMs <= before && (selection.class === undefined || difference.class === selection.class),
    );
    selected += meant.length;
    oldest = [...oldest, ...meant].sort(byAge).slice(0, skip + limit);
  } while (cursor !== undefined);
  return { shown: oldest.slice(skip), selected };
}

function byAge(one: OpenDifference, other: OpenDifference): number {
  return (
    one.firstSeenMs - other.firstSeenMs ||
    one.difference.timeMs - other.difference.timeMs ||
    (one.difference.key < other.difference.key ? -1 : 1)
  );
}
