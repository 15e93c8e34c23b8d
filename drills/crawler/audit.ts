import { createRateAudit } from "../frame/rate-audit.ts";

/** One call, as the third party sees it. */
export interface Call {
  /** By its own monotonic clock. */
  readonly atMs: number;
  readonly page: string;
  /** Which process called, and how many writes to the limit it has made so far. */
  readonly holder: string;
  readonly limitWrites: number;
  /** How long the call took from its start to here, by this machine's wall clock. */
  readonly wayMs: number;
}

/** What the third party has seen. */
export interface AuditReport {
  readonly calls: number;
  /** Different pages: a killed holder's are fetched again. */
  readonly pages: number;
  /** Calls that were one too many in their second. */
  readonly bans: number;
  /** The most calls in any half-open second, at any position. */
  readonly maxInAnySecond: number;
  readonly holders: number;
  readonly limitWrites: number;
  /** The longest way of a call from its start to the third party. */
  readonly longestWayMs: number;
  /** The moments of all calls. */
  readonly atMs: readonly number[];
}

/** Makes an audit that bans above `callsPerSecond` in any sliding second. */
export function createAudit(callsPerSecond: number): { take(call: Call): boolean; report(): AuditReport } {
  const rate = createRateAudit(callsPerSecond);
  const pages = new Set<string>();
  const writes = new Map<string, number>();
  let longestWayMs = 0;
  return {
    /** Takes a call; `true`: banned. */
    take({ atMs, page, holder, limitWrites, wayMs }) {
      pages.add(page);
      longestWayMs = Math.max(longestWayMs, wayMs);
      writes.set(holder, Math.max(writes.get(holder) ?? 0, limitWrites));
      return rate.take(atMs);
    },
    report() {
      const { over: bans, ...seen } = rate.report();
      return {
        ...seen,
        pages: pages.size,
        bans,
        holders: writes.size,
        longestWayMs,
        limitWrites: [...writes.values()].reduce((sum, one) => sum + one, 0),
      };
    },
  };
}
