import type { Clock } from "../../clock.ts";
import type { Difference } from "../difference.ts";
import { type ReconcileJob, timesOf } from "../job.ts";
import { SourceFault } from "../source-fault.ts";
import { diedEntry, endEntry } from "./audit-entry.ts";
import { briefly } from "./briefly.ts";
import { carryOut } from "./carry-out.ts";
import { contentOf } from "./content.ts";
import type { Repairer } from "./how.ts";
import type { ItemOutcome } from "./item-outcome.ts";
import { judgeRepair, type RepairVerdict } from "./judge-repair.ts";
import { type AtHome, lookHome } from "./look-home.ts";
import type { PlanItem } from "./plan.ts";
import type { Marked, Marker, RepairStore } from "./repair-store.ts";
import { writeDied } from "./write-died.ts";

/** How long after its time a marker still holds: what was done is written down meanwhile. */
const markerMarginMs = 30_000;
/** What an invocation needs after a repair: to look, and to write down. */
const afterwardsMs = 2_000;

export interface GroupOptions {
  readonly plan: string;
  readonly job: ReconcileJob;
  readonly repairer: Repairer;
  readonly repairs: RepairStore;
  readonly by: string;
  readonly byItself: boolean;
  readonly clock: Clock;
  readonly untilMs: number;
  readonly resumedMs: number | undefined;
  readonly dryRun: boolean;
  readonly callMs: number;
}

/** An item on its way through: what is known of it, and in the end what became of it. */
export interface Slot {
  readonly item: PlanItem;
  /** As it was read before anything was looked up: whoever writes it meanwhile wins. */
  readonly marked: Marked | undefined;
  verdict?: RepairVerdict;
  /** As it was looked up right before. */
  difference?: Difference;
  marker?: Marker;
  outcome?: ItemOutcome;
  message?: string | undefined;
}

/** Takes some items, which are done together, through all steps; each has its `outcome` then. */
export async function applyGroup(slots: readonly Slot[], options: GroupOptions): Promise<void> {
  const { job, clock, untilMs } = options;
  const home = lookHome(job, clock, untilMs);
  const open = () => slots.filter(({ outcome }) => outcome === undefined);

  for (const slot of slots) judge(slot, options);
  await lookBefore(open(), home, options);
  if (options.dryRun) {
    for (const slot of open()) slot.outcome = "would";
    return;
  }
  await Promise.all(open().map((slot) => begin(slot, options)));
  const begun = open();
  if (begun.length > 0) await repair(begun, home, options);
}

/** Sets aside what a machine cannot do, what somebody is at, and what was done already. */
function judge(slot: Slot, { plan, job, clock, resumedMs, byItself }: GroupOptions): void {
  const { item, marked } = slot;
  if (item.how.do === "tell") {
    Object.assign(slot, { outcome: "tell", message: item.how.look });
    return;
  }
  const verdict = judgeRepair(marked?.marker, {
    content: item.content,
    firstSeenMs: Date.parse(item.firstSeen),
    plan,
    atMs: clock.nowMs(),
    settleMs: job.settleMs,
    resumedMs,
    byItself,
  });
  slot.verdict = verdict;
  // Whether it is exhausted, or has gone meanwhile, the look-up tells.
  if (!verdict.go && verdict.why !== "exhausted") slot.outcome = verdict.why;
}

type Home = ReturnType<typeof lookHome>;

/** Looks up what is left, and sets aside what is not there as it was planned for. */
async function lookBefore(slots: readonly Slot[], home: Home, options: GroupOptions): Promise<void> {
  const found = slots.length > 0 ? await home(slots.map(({ item }) => askFor(item))) : [];
  for (const [index, slot] of slots.entries()) {
    const { item } = slot;
    const now = found[index];
    const { outcome, message } = outcomeBefore(slot, now, options);
    if (outcome !== undefined) Object.assign(slot, { outcome, message });
    else if (now && !(now instanceof SourceFault)) slot.difference = now;
    if (outcome === "gone" && !options.dryRun && slot.marked) {
      await writeDied(item.key, slot.marked, undefined, options);
    }
  }
}

function outcomeBefore(
  { item, verdict }: Slot,
  now: AtHome,
  { job, clock }: GroupOptions,
): { readonly outcome?: ItemOutcome; readonly message?: string } {
  if (now instanceof SourceFault) return { outcome: "unknown", message: now.message };
  const { keepMs } = timesOf(job, 0);
  if (Date.parse(item.time) < clock.nowMs() - keepMs) return { outcome: "expired" };
  if (!now) return { outcome: "gone" };
  const settledBeforeMs = clock.nowMs() - job.settleMs;
  if ([...now.left, ...now.right].some(({ timeMs }) => timeMs >= settledBeforeMs))
    return { outcome: "young" };
  if (contentOf(now) !== item.content) return { outcome: "changed" };
  return verdict?.go === false ? { outcome: "exhausted" } : {};
}

/** Marks an item as ours; whoever was at it and died is written down with that. */
async function begin(slot: Slot, { plan, job, repairs, by, clock, callMs }: GroupOptions): Promise<void> {
  const { item, marked, verdict, difference } = slot;
  if (!verdict?.go || !difference) return;
  const atMs = clock.nowMs();
  const marker: Marker = {
    state: "begun",
    endsMs: atMs + callMs + markerMarginMs,
    content: item.content,
    firstSeenMs: Date.parse(item.firstSeen),
    plan,
    begunMs: atMs,
    begun: verdict.begun + 1,
    tries: verdict.tries,
    by,
    how: item.how,
    before: briefly(difference),
  };
  const died = marked && diedEntry(item.key, marked.marker, atMs, difference);
  if (await repairs.mark(job.name, item.key, marker, marked?.revision ?? 0, died)) slot.marker = marker;
  else slot.outcome = "held";
}

/** Repairs what is marked, looks it up again, and writes down what came of it. */
async function repair(slots: readonly Slot[], home: Home, options: GroupOptions): Promise<void> {
  const { plan, job, repairer, repairs, by, clock, untilMs, callMs } = options;
  const carriedOut = await carryOut(
    slots.flatMap(({ item: { how, content }, difference, marker }) =>
      difference && marker ? [{ difference, how, content, attempt: marker.begun }] : [],
    ),
    {
      repairer,
      clock,
      job: job.name,
      plan,
      by,
      withinMs: Math.min(callMs, Math.max(0, untilMs - clock.nowMs() - afterwardsMs)),
    },
  );
  const isSent = carriedOut.ok && slots[0]?.item.how.do === "send";
  // What was sent is on its way: the next runs look whether it has arrived.
  const after = isSent ? [] : await home(slots.map(({ item }) => askFor(item)));
  for (const [index, slot] of slots.entries()) {
    const { item, marked, marker } = slot;
    if (!marker) continue;
    const entry = endEntry(item.key, marker, clock.nowMs(), { carriedOut, isSent, after: after[index] });
    const ended: Marker = {
      ...marker,
      state: "ended",
      tries: marker.tries + (entry.outcome === "failed" ? 0 : 1),
      outcome: entry.outcome,
    };
    Object.assign(slot, { outcome: entry.outcome, message: entry.message });
    // Refused: it took too long, and another has begun since. What was done here, that one looks up.
    await repairs.mark(job.name, item.key, ended, (marked?.revision ?? 0) + 1, entry);
  }
}

function askFor({ key, time }: PlanItem) {
  return { key, seenMs: Date.parse(time) };
}
