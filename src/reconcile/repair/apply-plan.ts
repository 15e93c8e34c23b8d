import { type Clock, systemClock } from "../../clock.ts";
import type { ReconcileJob } from "../job.ts";
import { applyGroup, type Slot } from "./apply-group.ts";
import type { Repairer } from "./how.ts";
import type { ItemResult } from "./item-outcome.ts";
import type { RepairPlan } from "./plan.ts";
import type { RepairStore, Stopped } from "./repair-store.ts";

/** Events that are sent again together: what one call to SQS takes. */
const sendsAtOnce = 10;
/** Markers that are read together. */
const markersAtOnce = 100;
/** With less time than this nothing new is begun. */
const leastMs = 5_000;
const defaultCallMs = 30_000;

export interface Applied {
  readonly plan: string;
  readonly results: readonly ItemResult[];
  /** The item to go on with: time was over. `undefined`: all were come to. */
  readonly next: number | undefined;
  /** Why no repair goes on by itself any more, where this has stopped it. */
  readonly stopped?: Stopped | undefined;
}

export interface ApplyOptions {
  readonly job: ReconcileJob;
  readonly repairer: Repairer;
  readonly repairs: RepairStore;
  /** Who has it applied: `schedule`, or an IAM identity. */
  readonly by: string;
  /** Whether nobody has approved of it: it then stops when it does not converge. */
  readonly byItself: boolean;
  readonly clock?: Clock;
  readonly untilMs?: number;
  /** The item to begin with. @default the first */
  readonly from?: number;
  /** Looks everything up, and repairs nothing. */
  readonly dryRun?: boolean;
  /** How long one repair may take. @default 30 seconds */
  readonly callMs?: number;
}

/**
 * Applies a plan, item by item. Each is looked up on both sides right before: what is gone, or not what was planned for, or
 * too young, is left alone. Of many who apply plans at once, one repairs a key. Killed anywhere, the same plan can be
 * applied again, and does what is left.
 *
 * By itself it stops for good, until a person resumes, at the first difference that was repaired twice and is there still.
 */
export async function applyPlan(
  plan: RepairPlan,
  {
    clock = systemClock,
    untilMs = Number.POSITIVE_INFINITY,
    from = 0,
    dryRun = false,
    callMs = defaultCallMs,
    ...given
  }: ApplyOptions,
): Promise<Applied> {
  const { job, repairs } = given;
  const { resumedMs } = await repairs.state(job.name);
  const options = { ...given, plan: plan.id, clock, untilMs, resumedMs, dryRun, callMs };
  const results: ItemResult[] = [];
  for (let at = from; at < plan.items.length; ) {
    const items = plan.items.slice(at, at + markersAtOnce);
    const keys = items.map(({ key }) => key);
    const marked = await repairs.markers(job.name, keys);
    const slots = items.map((item, index): Slot => ({ item, marked: marked[index] }));
    while (slots.length > 0) {
      if (untilMs - clock.nowMs() < leastMs) return { plan: plan.id, results, next: at };
      const group = slots.splice(0, groupLength(slots));
      await applyGroup(group, options);
      results.push(...group.map(resultOf));
      at += group.length;
      const spent = group.find(({ outcome }) => outcome === "exhausted");
      if (!spent || dryRun) continue;
      const stopped = stoppedBy(spent, job, clock.nowMs());
      await repairs.stop(job.name, stopped);
      return { plan: plan.id, results, next: at < plan.items.length ? at : undefined, stopped };
    }
  }
  return { plan: plan.id, results, next: undefined };
}

/** How many from the first on are done together: sends to one consumer, or a single one of all others. */
function groupLength(slots: readonly Slot[]): number {
  const consumers = slots
    .slice(0, sendsAtOnce)
    .map(({ item: { how } }) => (how.do === "send" ? how.consumer : undefined));
  const other = consumers.findIndex((one) => one === undefined || one !== consumers[0]);
  return Math.max(1, other < 0 ? consumers.length : other);
}

function resultOf({ item, outcome = "held", message }: Slot): ItemResult {
  return { key: item.key, outcome, ...(message === undefined ? {} : { message }) };
}

function stoppedBy({ item, marked }: Slot, { name }: ReconcileJob, atMs: number): Stopped {
  const { key, why } = item;
  const { tries = 0, begun = 0 } = marked?.marker ?? {};
  const often = tries > 1 ? `was repaired ${tries} times` : `was tried to be repaired ${begun} times`;
  return {
    atMs,
    key,
    message: `${JSON.stringify(key)} ${often} and differs still (${why}): nothing of ${name} is repaired by itself any more, until somebody has looked (bus reconcile show ${name}) and resumes it (bus reconcile resume ${name})`,
  };
}
