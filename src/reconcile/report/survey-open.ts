import type { Difference, DifferenceClass } from "../difference.ts";
import type { OpenDifference, ReconcileStore } from "../state.ts";

/** All that is open of a job, in sums; and the oldest ones. */
export interface OpenSurvey {
  readonly differences: number;
  /** Of those whose amounts are known; `undefined`: of none. */
  readonly amount: number | undefined;
  readonly classes: Readonly<Partial<Record<DifferenceClass, number>>>;
  readonly oldestMs: number | undefined;
  /** The oldest first. */
  readonly some: readonly OpenDifference[];
}

/** Looks through what is open, page by page: memory hangs on `most`, however much that is. */
export async function surveyOpen(
  job: string,
  store: ReconcileStore,
  {
    most,
    amountOf,
  }: {
    readonly most: number;
    readonly amountOf: (difference: Difference) => number | undefined;
  },
): Promise<OpenSurvey> {
  const classes: Partial<Record<DifferenceClass, number>> = {};
  let differences = 0;
  let amount: number | undefined;
  let some: OpenDifference[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(job, cursor);
    cursor = page.cursor;
    for (const { difference } of page.open) {
      differences++;
      classes[difference.class] = (classes[difference.class] ?? 0) + 1;
      const one = amountOf(difference);
      if (one !== undefined) amount = (amount ?? 0) + one;
    }
    some = [...some, ...page.open].sort(byAge).slice(0, most);
  } while (cursor !== undefined);
  return { differences, amount, classes, oldestMs: some[0]?.firstSeenMs, some };
}

function byAge(one: OpenDifference, other: OpenDifference): number {
  return one.firstSeenMs - other.firstSeenMs || one.difference.timeMs - other.difference.timeMs;
}
