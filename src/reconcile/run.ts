import { type Clock, systemClock, uuidv7 } from "../clock.ts";
import { checkJob } from "./check-job.ts";
import { collect, handOut, mostParts } from "./fan-out.ts";
import { fullStepSpans, goThrough } from "./go-through.ts";
import { type Holding, holdingOf, leaseEndMs } from "./holding.ts";
import { comparisonOf, type ReconcileJob, type ReconcileReport, timesOf } from "./job.ts";
import { countOpen, lookAgain } from "./look-again.ts";
import { knownToMs, looksOf, partsOf, settlingOf } from "./looks.ts";
import type { PartQueue } from "./parts.ts";
import { resumed } from "./resumed.ts";
import { SourceFault } from "./source-fault.ts";
import { mergeSpans } from "./spans.ts";
import type { ReconcileStore, UnknownSpan } from "./state.ts";

/** Renewed with every step, so it only has to outlast the longest one. */
const defaultLeaseMs = 300_000;
/** So many parts are quicker compared here than handed out. */
const partsAlone = 2;

export interface ReconcileOptions {
  readonly store: ReconcileStore;
  readonly clock?: Clock;
  readonly leaseMs?: number;
  readonly owner?: string;
  /** When this run has to be over, its last save included. @default never */
  readonly untilMs?: number;
  /** Where large comparisons are handed out, to be compared by `comparePart`. @default none: all is compared here */
  readonly parts?: PartQueue | undefined;
}

/**
 * Runs a job once: looks again at what is open, tries again what was unknown, compares what has settled since the last
 * run, and gives spans whose records are about to expire their last look. A difference is thus reported at most
 * `settleMs`, one span and one interval between runs after it exists.
 *
 * With `untilMs` it ends in time, and the next run goes on where it stopped. With `parts`, more than two days of hours are
 * handed out, and collected by a later run.
 *
 * Killed anywhere, the next run goes on from the last step, and ends in the same state. Started five times at once, one
 * runs and the others answer `held`. Throws `LeaseLost` when it was too slow and another has taken over.
 */
export async function reconcile(
  job: ReconcileJob,
  {
    store,
    clock = systemClock,
    leaseMs = defaultLeaseMs,
    owner = uuidv7(clock),
    untilMs = Number.POSITIVE_INFINITY,
    parts,
  }: ReconcileOptions,
): Promise<ReconcileReport> {
  checkJob(job);
  const atMs = clock.nowMs();
  const leaseEnds = () => leaseEndMs(clock, { leaseMs, untilMs });
  const begun = await store.begin(job.name, owner, leaseEnds());
  if (begun.status === "held") return heldReport(job, atMs);
  try {
    const { progress, unseen } = resumed(begun.progress, job, atMs);
    const holding = holdingOf({ store, name: job.name, job: job.name, owner, progress, leaseEnds });
    return await runHeld(job, { store, clock, untilMs, parts, atMs, holding, unseen });
  } finally {
    // So that the next one need not wait for the lease to end. What went wrong before is the first error.
    await store.end(job.name, owner).catch(() => undefined);
  }
}

async function runHeld(
  job: ReconcileJob,
  {
    store,
    clock,
    untilMs,
    parts,
    atMs,
    holding,
    unseen,
  }: {
    readonly store: ReconcileStore;
    readonly clock: Clock;
    readonly untilMs: number;
    readonly parts: PartQueue | undefined;
    readonly atMs: number;
    readonly holding: Holding;
    readonly unseen: readonly UnknownSpan[];
  },
): Promise<ReconcileReport> {
  const times = timesOf(job, atMs);
  const options = { ...comparisonOf(job, clock, untilMs), clock, untilMs };
  const firstMs = holding.progress.comparedToMs;
  const unknown = [...unseen];
  let found = 0;
  let isAll = true;
  let handedOut: { done: number; of: number } | undefined;

  const again = await lookAgain(job.name, { store, holding, ...options });
  unknown.push(...again.unknown);
  const settling = await goThrough(settlingOf(holding.progress, times), holding, options);
  found += settling.found;
  unknown.push(...settling.unknown);
  const { fanOut } = holding.progress;
  // Who has no parts any more compares all of it here; late messages of those that were handed out mean nothing then.
  if (fanOut && !parts) await holding.save({ ...holding.progress, fanOut: undefined });
  if (fanOut && parts) {
    const collected = await collect(fanOut, holding, { job: job.name, store, parts, clock });
    if (collected.status === "waiting") handedOut = { done: collected.done, of: collected.of };
    else {
      found += collected.found;
      unknown.push(...collected.unknown);
    }
  }
  if (!handedOut) {
    unknown.push(...(await takeTurnedUp(job, holding)));
    const looks = looksOf(holding.progress, times);
    const all = partsOf(looks, { spans: fullStepSpans, spanMs: times.spanMs, most: mostParts });
    if (parts && all.length > partsAlone) {
      await handOut(all, holding, { job: job.name, store, parts, clock });
      handedOut = { done: 0, of: all.length };
    } else {
      const early = await goThrough(
        looks.filter(({ kind }) => kind !== "last"),
        holding,
        options,
      );
      // What was compared just now may be old enough for its last look.
      const lasts = looksOf(holding.progress, times).filter(({ kind }) => kind === "last");
      const late = early.isAll ? await goThrough(lasts, holding, options) : undefined;
      found += early.found + (late?.found ?? 0);
      unknown.push(...early.unknown, ...(late?.unknown ?? []));
      isAll = late?.isAll === true;
    }
  }
  isAll &&= settling.isAll;
  await holding.save({ ...holding.progress, ranMs: clock.nowMs() });
  const { progress } = holding;
  const { open, oldestOpenMs } = await countOpen(job.name, store);
  const isUnknown = progress.unknown.length > 0 || unknown.length > 0;
  const unfinished = !isAll || handedOut !== undefined || progress.againFrom !== undefined;
  return {
    job: job.name,
    atMs,
    verdict:
      Object.keys(open).length > 0 ? "differ" : isUnknown ? "unknown" : unfinished ? "unfinished" : "agree",
    compared: progress.comparedToMs > firstMs ? { fromMs: firstMs, toMs: progress.comparedToMs } : undefined,
    found,
    resolved: again.resolved,
    open,
    oldestOpenMs,
    unknown,
    knownToMs: knownToMs(progress),
    unfinished,
    ...(handedOut && { parts: handedOut }),
  };
}

/** Notes where something has turned up in what was compared; what cannot be told now is asked by the next run. */
async function takeTurnedUp(job: ReconcileJob, holding: Holding): Promise<readonly UnknownSpan[]> {
  const { progress } = holding;
  const { turnedUpTo, rest = [], comparedToMs } = progress;
  try {
    const found = await job.turnedUp?.(turnedUpTo);
    if (!found || (found.to === turnedUpTo && found.spans.length === 0)) return [];
    const spans = found.spans.map(({ fromMs, toMs }) => ({ fromMs, toMs: Math.min(toMs, comparedToMs) }));
    await holding.save({
      ...progress,
      rest: mergeSpans([...rest, ...spans]),
      turnedUpTo: found.to,
    });
    return [];
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    return [{ fromMs: comparedToMs, toMs: comparedToMs, source: error.source, message: error.message }];
  }
}

function heldReport(job: ReconcileJob, atMs: number): ReconcileReport {
  return {
    job: job.name,
    atMs,
    verdict: "held",
    compared: undefined,
    found: 0,
    resolved: 0,
    open: {},
    oldestOpenMs: undefined,
    unknown: [],
    knownToMs: undefined,
    unfinished: true,
  };
}
