const windowMs = 1_000;

/** One call, as the third party sees it. */
export interface Call {
  /** By its own monotonic clock. */
  readonly atMs: number;
  readonly page: string;
  /** Which process called, and how many writes to the limit it has made so far. */
  readonly holder: string;
  readonly limitWrites: number;
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
  /** The moments of all calls. */
  readonly atMs: readonly number[];
}

/** Makes an audit that bans above `callsPerSecond` in any sliding second. */
export function createAudit(callsPerSecond: number): { take(call: Call): boolean; report(): AuditReport } {
  const atMs: number[] = [];
  const pages = new Set<string>();
  const writes = new Map<string, number>();
  let first = 0;
  let bans = 0;
  let maxInAnySecond = 0;
  return {
    /** Takes a call; `true`: banned. A window that is fullest ends at a call, so looking back from each one is enough. */
    take(call) {
      atMs.push(call.atMs);
      pages.add(call.page);
      writes.set(call.holder, Math.max(writes.get(call.holder) ?? 0, call.limitWrites));
      while (call.atMs - (atMs[first] as number) >= windowMs) first += 1;
      const inWindow = atMs.length - first;
      maxInAnySecond = Math.max(maxInAnySecond, inWindow);
      const banned = inWindow > callsPerSecond;
      if (banned) bans += 1;
      return banned;
    },
    report: () => ({
      calls: atMs.length,
      pages: pages.size,
      bans,
      maxInAnySecond,
      holders: writes.size,
      limitWrites: [...writes.values()].reduce((sum, one) => sum + one, 0),
      atMs,
    }),
  };
}
