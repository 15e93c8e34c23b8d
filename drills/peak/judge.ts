import type { BookingsReport } from "./bookings.ts";

/** The least of the limit that must be used while there is enough to do. */
export const leastWhenFull = 0.95;
/** How far the plan may be off. */
export const mostOffPlan = 0.1;
/** The last ones are those that came back from somewhere: work for fewer than all. */
const tail = 0.01;

export interface PeakResult {
  readonly published: number;
  /** Different orders that the back end has booked. */
  readonly handled: number;
  readonly lost: number;
  /** Dead letters. */
  readonly dead: number;
  /** What the back end takes in a second. */
  readonly limit: number;
  readonly maxInAnySecond: number;
  /** Bookings a second, from the first second that was full on. */
  readonly meanWhenFull: number;
  /** From the first event published to the last one booked. */
  readonly drainSeconds: number;
  readonly plannedDrainSeconds: number;
  readonly pass: boolean;
  readonly findings: readonly string[];
  /** How long publishing took. */
  readonly publishSeconds: number;
  /** Calls for orders that were booked already. */
  readonly again: number;
  readonly starts: Starts;
}

/** Where the starts went that the limit had between the first call and the last. */
export interface Starts {
  readonly given: number;
  /** Given back in time. */
  readonly returned: number;
  /** Given, and passed unused: too late. */
  readonly passed: number;
  /** Passed before anybody had asked for them: the growth at the beginning, and the end, too. */
  readonly unasked: number;
}

/** What a run has left behind. */
export interface Evidence {
  readonly published: number;
  readonly publishSeconds: number;
  readonly limit: number;
  /** How far apart its starts are. */
  readonly paceMs: number;
  readonly bookings: BookingsReport;
  readonly dead: number;
  readonly plannedDrainSeconds: number;
}

/** Judges by the back end's own books, the dead-letter queue, and what was planned before. */
export function judge(evidence: Evidence): PeakResult {
  const { published, publishSeconds, limit, paceMs, bookings, dead, plannedDrainSeconds } = evidence;
  const findings: string[] = [];
  const lost = published - bookings.orders;
  const again = bookings.calls - bookings.orders;
  const meanWhenFull = meanFrom(bookings.atMs, limit);
  const drainSeconds = ((bookings.atMs.at(-1) ?? Number.POSITIVE_INFINITY) - bookings.beganMs) / 1_000;
  if (lost !== 0) findings.push(`orders lost: ${lost}, and must be 0`);
  if (dead !== 0) findings.push(`dead letters: ${dead}, and must be 0`);
  // Nothing is killed here that could have left a booking without its mark in the ledger.
  if (again !== 0) findings.push(`orders booked again: ${again}, and must be 0`);
  if (bookings.maxInAnySecond > limit) {
    findings.push(`bookings in one second: ${bookings.maxInAnySecond}, and ${limit} are allowed`);
  }
  if (meanWhenFull < leastWhenFull * limit) {
    findings.push(
      `bookings a second when full: ${round(meanWhenFull)}, and ${leastWhenFull * limit} are the least`,
    );
  }
  if (!(Math.abs(plannedDrainSeconds / drainSeconds - 1) <= mostOffPlan)) {
    findings.push(
      `drained in ${round(drainSeconds)} s, and ${round(plannedDrainSeconds)} s were planned: ${mostOffPlan * 100} % apart is allowed`,
    );
  }
  if (published < 2 * limit * publishSeconds) {
    findings.push(
      `not exercised: ${published} orders in ${round(publishSeconds)} s are no peak for ${limit}/s`,
    );
  }
  return {
    published,
    handled: bookings.orders,
    lost,
    dead,
    limit,
    maxInAnySecond: bookings.maxInAnySecond,
    meanWhenFull: round(meanWhenFull),
    drainSeconds: round(drainSeconds),
    plannedDrainSeconds: round(plannedDrainSeconds),
    pass: findings.length === 0,
    findings,
    publishSeconds: round(publishSeconds),
    again,
    starts: startsOf(bookings, paceMs),
  };
}

function startsOf({ atMs, calls, slots: { given, returned } }: BookingsReport, paceMs: number): Starts {
  const spanMs = (atMs.at(-1) ?? 0) - (atMs[0] ?? 0);
  return {
    given,
    returned,
    passed: given - returned - calls,
    unasked: Math.max(0, Math.round(spanMs / paceMs) - (given - returned)),
  };
}

/** The mean from the end of the first second that had nearly all that is allowed, to the last hundredth of all. */
function meanFrom(atMs: readonly number[], limit: number): number {
  const needed = Math.floor(limit * leastWhenFull);
  const from = atMs.findIndex(
    (at, index) => index >= needed && at - (atMs[index - needed] as number) < 1_000,
  );
  const to = Math.floor((atMs.length - 1) * (1 - tail));
  const [beganMs, endedMs] = [atMs[from], atMs[to]];
  if (from < 0 || beganMs === undefined || endedMs === undefined || endedMs <= beganMs) return 0;
  return ((to - from) * 1_000) / (endedMs - beganMs);
}

const round = (value: number) => (Number.isFinite(value) ? Math.round(value * 100) / 100 : value);
