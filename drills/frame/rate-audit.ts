const windowMs = 1_000;

/** What a party that allows so many calls a second has seen. */
export interface RateReport {
  readonly calls: number;
  /** Calls that were one too many in their second. */
  readonly over: number;
  /** The most calls in any half-open second, at any position. */
  readonly maxInAnySecond: number;
  /** The moments of all calls. */
  readonly atMs: readonly number[];
}

/** Looks back from each call over the second that it ends: a window that is fullest ends at a call. */
export interface RateAudit {
  /** Takes a call, by the audit's own clock; `true`: it is one too many. */
  take(atMs: number): boolean;
  report(): RateReport;
}

/** Makes an audit that allows `callsPerSecond` in any sliding second. Calls are taken in order. */
export function createRateAudit(callsPerSecond: number): RateAudit {
  const moments: number[] = [];
  let first = 0;
  let over = 0;
  let maxInAnySecond = 0;
  return {
    take(atMs) {
      moments.push(atMs);
      while (atMs - (moments[first] as number) >= windowMs) first += 1;
      const inWindow = moments.length - first;
      maxInAnySecond = Math.max(maxInAnySecond, inWindow);
      const isOver = inWindow > callsPerSecond;
      if (isOver) over += 1;
      return isOver;
    },
    report: () => ({ calls: moments.length, over, maxInAnySecond, atMs: moments }),
  };
}
