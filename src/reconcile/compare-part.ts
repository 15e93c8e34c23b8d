import { type Clock, systemClock, uuidv7 } from "../clock.ts";
import { checkJob } from "./check-job.ts";
import { goThrough } from "./go-through.ts";
import { holdingOf, leaseEndMs } from "./holding.ts";
import { comparisonOf, type ReconcileJob, timesOf } from "./job.ts";
import { expiredMs } from "./looks.ts";
import { isCompared, type PartMessage, type PartQueue, partName, partNames, stateOfPart } from "./parts.ts";
import { withoutSpan } from "./spans.ts";
import type { Look, Progress, ReconcileStore, UnknownSpan } from "./state.ts";

/** Faults of one part that are told; all of its unknown spans are kept. */
const toldFaults = 20;

/**
 * What became of a message.
 * - `compared`: all of the part; `isLast`: and no other part is left, so the job can be gone on with.
 * - `unfinished`: time was over; a message for the rest of it is on its way.
 * - `held`: another worker has it, with a message of its own.
 * - `stale`: of a handing out that is over.
 */
export type PartOutcome =
  | { readonly status: "compared"; readonly isLast: boolean }
  | { readonly status: "unfinished" | "held" | "stale" };

/**
 * Compares one part of a job, as a message has told. A message that comes again, late or to two workers does nothing that
 * was not done: the part has a lease and a progress of its own. Killed anywhere, the message comes again and goes on.
 */
export async function comparePart(
  job: ReconcileJob,
  { fan, part: at }: PartMessage,
  {
    store,
    parts,
    clock = systemClock,
    leaseMs = 300_000,
    untilMs = Number.POSITIVE_INFINITY,
    owner = uuidv7(clock),
  }: {
    readonly store: ReconcileStore;
    readonly parts: PartQueue;
    readonly clock?: Clock;
    readonly leaseMs?: number;
    readonly untilMs?: number;
    readonly owner?: string;
  },
): Promise<PartOutcome> {
  checkJob(job);
  const [remembered] = await store.read([job.name]);
  const fanOut = remembered?.progress?.fanOut;
  const part = fanOut?.parts[at ?? -1];
  if (!fanOut || fanOut.id !== fan || part === undefined || at === undefined) return { status: "stale" };

  const name = partName(job.name, fan, at);
  const leaseEnds = () => leaseEndMs(clock, { leaseMs, untilMs });
  const begun = await store.begin(name, owner, leaseEnds());
  if (begun.status === "held") return { status: "held" };
  const progress = stillThere(
    begun.progress ?? freshPart(part),
    part,
    expiredMs(timesOf(job, clock.nowMs())),
  );
  const holding = holdingOf({ store, name, job: job.name, owner, progress, leaseEnds });
  if (!isCompared(part, progress)) {
    const { found = 0, tries = 0, faults = [] } = progress.part ?? {};
    const told = (more: number, unknown: readonly UnknownSpan[], tried: number) => ({
      part: { found: found + more, tries: tried, faults: [...faults, ...unknown].slice(0, toldFaults) },
    });
    await holding.save({ ...progress, ...told(0, [], tries + 1) });
    const options = { ...comparisonOf(job, clock, untilMs), clock, untilMs };
    const gone = await goThrough(looksOfPart(part, holding.progress), holding, options);
    const isFurther = leftMs(holding.progress, part) < leftMs(progress, part);
    await holding.save({
      ...holding.progress,
      ...told(gone.found, gone.unknown, isFurther ? 0 : tries + 1),
    });
  }
  const isDone = isCompared(part, holding.progress);
  // First the message, then the lease: who dies between them leaves both the message and the part.
  if (!isDone) await parts.send([{ v: 1, job: job.name, fan, part: at }]);
  await holding.end();
  if (!isDone) return { status: "unfinished" };
  const states = await store.read(partNames(job.name, fanOut));
  const isLast = fanOut.parts.every((one, index) => {
    const state = states[index];
    return state !== undefined && stateOfPart(one, state, clock.nowMs()) === "compared";
  });
  return { status: "compared", isLast };
}

function freshPart({ fromMs }: Look): Progress {
  return { v: 1, comparedToMs: fromMs, lastLookToMs: fromMs, unknown: [] };
}

/** A part without what may have expired since it was handed out: that is compared no more. */
function stillThere(progress: Progress, { toMs }: Look, expired: number): Progress {
  if (progress.comparedToMs >= expired) return progress;
  return {
    ...progress,
    comparedToMs: Math.min(toMs, expired),
    rest: withoutSpan(progress.rest ?? [], { fromMs: Number.NEGATIVE_INFINITY, toMs: expired }),
  };
}

function leftMs({ comparedToMs, rest = [] }: Progress, { toMs }: Look): number {
  return rest.reduce((sum, span) => sum + span.toMs - span.fromMs, toMs - comparedToMs);
}

/** What is left of a part: what was begun, and what was not come to. What is unknown is the job's to try again. */
function looksOfPart({ toMs }: Look, { comparedToMs, rest = [] }: Progress): readonly Look[] {
  return [
    ...rest.map((span): Look => ({ kind: "again", ...span })),
    { kind: "first", fromMs: comparedToMs, toMs },
  ];
}
