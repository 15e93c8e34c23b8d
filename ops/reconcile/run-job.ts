import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import type { ReconcilerSettings } from "../../src/env.ts";
import { partsDone, type ShortReport } from "../../src/reconcile/index.ts";
import { JobError } from "./job-error.ts";
import type { JobCalls } from "./ports.ts";

/** One slice of a run: short enough that people see it going on, long enough to get somewhere. */
const sliceMs = 20_000;
/** How often it is looked whether parts are done, or another run has ended. */
const lookEveryMs = 2_000;
/** Slices that come no further, one after another, before it is given up. */
const mostIdle = 3;

/** How far a run is. */
export type RunStep =
  /** A slice has ended; `isLast`: there is nothing left to be come to. */
  | {
      readonly step: "ran";
      readonly report: ShortReport;
      readonly reportUrl?: string | undefined;
      readonly isLast: boolean;
    }
  /** Others compare parts of it. */
  | { readonly step: "parts"; readonly done: number; readonly of: number }
  /** Another run has the job. */
  | { readonly step: "held"; readonly untilMs: number | undefined };

/**
 * Runs a job now, in slices, and tells after each how far it is, until all that has settled was come to. Waits for parts
 * that are handed out, and for another run that has the job. What was done stands, whenever this is left.
 */
export async function* runJob(
  calls: JobCalls,
  job: ReconcilerSettings,
  {
    by,
    signal,
    clock = systemClock,
  }: { readonly by: string; readonly signal?: AbortSignal; readonly clock?: Clock },
): AsyncGenerator<RunStep, void> {
  const store = calls.store(job.bus);
  let knownTo = "";
  let idle = 0;
  while (!signal?.aborted) {
    const answer = await calls.ask(job, { v: 1, do: "run", by, withinMs: sliceMs });
    if (!("did" in answer) || answer.did !== "run") throw notUnderstood(job, answer);
    if (answer.status === "held") {
      const [remembered] = await store.read([job.job]);
      yield { step: "held", untilMs: remembered?.heldUntilMs };
      await sleep(clock, lookEveryMs, signal);
      continue;
    }
    const { report, reportUrl } = answer;
    idle = report.knownTo === knownTo ? idle + 1 : 0;
    knownTo = report.knownTo;
    const isLast = !report.unfinished || idle >= mostIdle;
    yield { step: "ran", report, reportUrl, isLast };
    if (isLast) return;
    while (!signal?.aborted) {
      const parts = await partsDone(job.job, store, clock.nowMs());
      if (!parts || parts.done === parts.of) break;
      // Parts that are under way are as good as coming further.
      idle = 0;
      yield { step: "parts", ...parts };
      await sleep(clock, lookEveryMs, signal);
    }
  }
}

function notUnderstood({ bus, job }: ReconcilerSettings, answer: unknown): JobError {
  return new JobError(
    "job-answer",
    `${bus}-${job} answered ${JSON.stringify(answer)?.slice(0, 200)}: use bus of the version that is deployed`,
  );
}
