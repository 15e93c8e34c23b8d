import { type Clock, systemClock } from "../../clock.ts";
import type { DifferenceClass } from "../difference.ts";
import type { OpenDifference, ReconcileStore } from "../state.ts";
import { amountOf } from "./amount-of.ts";
import { contentOf } from "./content.ts";
import { describeDifference, type SideNames } from "./describe-difference.ts";
import type { How, Repairer } from "./how.ts";
import { type PlanItem, planOf, type RepairPlan } from "./plan.ts";

/** Items of one plan: some megabytes, and as much as anybody looks through. */
export const mostItems = 10_000;

/**
 * Plans what is to be done about what is open: of all classes, or of some. Changes nothing.
 */
export async function makePlan(
  job: string,
  {
    sides,
    repairer,
    store,
    clock = systemClock,
    classes,
    withTell = true,
    most = mostItems,
  }: {
    readonly sides: SideNames;
    readonly repairer: Repairer;
    readonly store: ReconcileStore;
    readonly clock?: Clock;
    /** @default all */
    readonly classes?: readonly DifferenceClass[] | undefined;
    /** Whether what only people can see to is in it. */
    readonly withTell?: boolean;
    readonly most?: number;
  },
): Promise<RepairPlan> {
  const items: PlanItem[] = [];
  let left = 0;
  let cursor: string | undefined;
  do {
    const page = await store.list(job, cursor);
    cursor = page.cursor;
    const some = page.open.filter(({ difference }) => classes?.includes(difference.class) ?? true);
    if (items.length >= most) {
      left += some.length;
      continue;
    }
    const hows = some.length > 0 ? await repairer.how(some) : [];
    for (const [index, open] of some.entries()) {
      const how = hows[index] ?? nothingKnown;
      if (how.do === "tell" && !withTell) continue;
      if (items.length < most) items.push(itemOf(open, how, repairer, sides));
      else left++;
    }
  } while (cursor !== undefined);
  items.sort((one, other) => order(one.time, other.time) || order(one.key, other.key));
  return planOf(job, items, { atMs: clock.nowMs(), left });
}

const nothingKnown: How = { do: "tell", look: "both sides: nothing is known about how to repair it" };

function itemOf(
  { difference, firstSeenMs }: OpenDifference,
  how: How,
  repairer: Repairer,
  sides: SideNames,
): PlanItem {
  const amount = amountOf(difference, repairer);
  return {
    key: difference.key,
    class: difference.class,
    time: new Date(difference.timeMs).toISOString(),
    firstSeen: new Date(firstSeenMs).toISOString(),
    content: contentOf(difference),
    why: describeDifference(difference, sides),
    how,
    ...(amount === undefined ? {} : { amount }),
  };
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
