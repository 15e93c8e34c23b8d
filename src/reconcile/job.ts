import type { Clock } from "../clock.ts";
import type { DifferenceClass } from "./difference.ts";
import type { LookOptions } from "./look-at.ts";
import { patientSource } from "./patient-source.ts";
import type { LedgerSource } from "./ports.ts";
import type { Span, UnknownSpan } from "./state.ts";

const hourMs = 3_600_000;

/** Two sides, and what is to be believed about them. */
export interface ReconcileJob {
  /** What its progress and differences are kept under. */
  readonly name: string;
  readonly left: LedgerSource;
  readonly right: LedgerSource;
  /** Nothing before this is compared: milliseconds since the epoch. */
  readonly beginMs: number;
  /** What is younger than this is still under way: no difference, not compared. */
  readonly settleMs: number;
  /** The span that sources keep digests of. @default an hour */
  readonly spanMs?: number;
  /** @default `settleMs` */
  readonly lateAfterMs?: number;
  /**
   * How long both sides keep their records. Before they expire every span is compared a last time, and never after.
   * @default forever
   */
  readonly keepMs?: number;
  /**
   * Where something has turned up in spans that may have been compared already: late, or done a second time. Those are
   * compared again.
   * @default nothing is looked for: what turns up late is seen by a span's last look
   */
  readonly turnedUp?: (since: string | undefined) => Promise<TurnedUp>;
}

/** Spans in which something has turned up. */
export interface TurnedUp {
  readonly spans: readonly Span[];
  /** What to ask with next time, so that it is told once. */
  readonly to: string;
}

/** What one run did, and what is open after it. */
export interface ReconcileReport {
  readonly job: string;
  readonly atMs: number;
  /**
   * - `agree`: all that has settled was compared, and nothing is open.
   * - `differ`: something is open.
   * - `unknown`: nothing is open, and something could not be compared.
   * - `unfinished`: nothing is open, and something was not come to: time was over, or others compare parts of it.
   * - `held`: another run has the job; this one has done nothing.
   */
  readonly verdict: "agree" | "differ" | "unknown" | "unfinished" | "held";
  /** What was compared for the first time. */
  readonly compared: Span | undefined;
  readonly found: number;
  readonly resolved: number;
  readonly open: Readonly<Partial<Record<DifferenceClass, number>>>;
  readonly oldestOpenMs: number | undefined;
  readonly unknown: readonly UnknownSpan[];
  /** Everything before this was compared and is known; `undefined`: held. */
  readonly knownToMs: number | undefined;
  /** Whether something that has settled was not come to. */
  readonly unfinished: boolean;
  /** Of a comparison that was handed out: how many parts are done. */
  readonly parts?: { readonly done: number; readonly of: number } | undefined;
}

/** A job's times with every default filled in. */
export function timesOf(
  { settleMs, spanMs = hourMs, keepMs = Number.POSITIVE_INFINITY }: ReconcileJob,
  atMs: number,
) {
  return { atMs, settleMs, spanMs, keepMs };
}

/** How a job's sides are compared, in the time there is. */
export function comparisonOf(
  job: ReconcileJob,
  clock: Clock,
  untilMs: number,
): Omit<LookOptions, "write" | "clock"> {
  const { lateAfterMs = job.settleMs } = job;
  const { spanMs, settleMs, keepMs } = timesOf(job, 0);
  const nowMs = clock.nowMs();
  return {
    left: patientSource(job.left, { clock, untilMs }),
    right: patientSource(job.right, { clock, untilMs }),
    spanMs,
    lateAfterMs,
    settledBeforeMs: nowMs - settleMs,
    // Clocks differ, and a run takes its time: what lies further ahead is no honest mistake any more.
    futureMs: nowMs + settleMs + spanMs,
    keepMs,
  };
}
