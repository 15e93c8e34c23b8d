import type { GrowthStep } from "./growth.ts";
import type { LimitPace } from "./limit-pace.ts";

/** What comes, from now on: so many a second for so long, and after the last span `perSecond` for good. */
export interface Arrivals {
  readonly spans: readonly { readonly forMs: number; readonly perSecond: number }[];
  readonly perSecond: number;
}

/** How a backlog rises and goes. Times in milliseconds from the start. */
export interface Drain {
  /** Most events that wait at one time, and when. */
  readonly peakBacklog: number;
  readonly peakAtMs: number;
  /** When none waits any more; `undefined`: never. */
  readonly drainedMs: number | undefined;
}

/** Longer than any queue keeps an event. */
const foreverMs = 60 * 86_400_000;

/**
 * Follows a backlog as if events were a liquid: from moment to moment, with what comes in and what is worked off known
 * exactly between two of them. Quotas stop the outflow when they are spent, and let it go on when their window ends; the
 * first window begins with the start.
 */
export function drain({
  backlog = 0,
  arrivals,
  growth,
  perSecondAt,
  quotas = [],
}: {
  readonly backlog?: number;
  readonly arrivals: Arrivals;
  readonly growth: readonly GrowthStep[];
  readonly perSecondAt: (lanes: number) => number;
  readonly quotas?: readonly LimitPace[];
}): Drain {
  let nowMs = 0;
  let waiting = backlog;
  let peak = { backlog, atMs: 0 };
  const buckets = quotas.map((pace) => ({ ...windowOf(pace), left: windowOf(pace).count, endsMs: 0 }));
  for (const bucket of buckets) bucket.endsMs = bucket.windowMs;
  let edgeMs = 0;
  const edges = arrivals.spans.map(({ forMs, perSecond }) => {
    edgeMs += forMs;
    return { untilMs: edgeMs, perSecond };
  });

  while (nowMs < foreverMs) {
    const span = edges.find(({ untilMs }) => untilMs > nowMs);
    const step = growth.findLast(({ atMs }) => atMs <= nowMs);
    const next = growth.find(({ atMs }) => atMs > nowMs);
    const inPerMs = (span?.perSecond ?? arrivals.perSecond) / 1_000;
    const open = buckets.every(({ left }) => left > 0);
    const mostPerMs = open ? perSecondAt(step?.lanes ?? 1) / 1_000 : 0;
    const outPerMs = waiting > 0 ? mostPerMs : Math.min(mostPerMs, inPerMs);
    const risePerMs = inPerMs - outPerMs;
    // With growth and bursts over and nothing to wait for, what does not fall now never will.
    if (waiting > 0 && !span && !next && open && risePerMs >= 0 && buckets.length === 0) break;
    if (waiting <= 0 && !span && risePerMs <= 0) {
      // A quota may be enough for now, and not for every window to come.
      const lasts = quotas.every((pace) => pace.perSecond >= arrivals.perSecond);
      return {
        peakBacklog: peak.backlog,
        peakAtMs: peak.atMs,
        drainedMs: lasts ? nowMs : undefined,
      };
    }
    const untilMs = Math.min(
      span?.untilMs ?? Number.POSITIVE_INFINITY,
      next?.atMs ?? Number.POSITIVE_INFINITY,
      risePerMs < 0 && waiting > 0 ? nowMs + waiting / -risePerMs : Number.POSITIVE_INFINITY,
      ...buckets.map(({ endsMs, left }) =>
        outPerMs > 0 ? Math.min(endsMs, nowMs + left / outPerMs) : endsMs,
      ),
    );
    if (!Number.isFinite(untilMs)) break;
    const passedMs = untilMs - nowMs;
    waiting = Math.max(0, waiting + risePerMs * passedMs);
    if (waiting < 1e-6) waiting = 0;
    nowMs = untilMs;
    if (waiting > peak.backlog) peak = { backlog: waiting, atMs: nowMs };
    for (const bucket of buckets) {
      bucket.left -= outPerMs * passedMs;
      if (bucket.left < 1e-6) bucket.left = 0;
      if (nowMs < bucket.endsMs) continue;
      bucket.endsMs += bucket.windowMs;
      bucket.left = bucket.count;
    }
  }
  return { peakBacklog: peak.backlog, peakAtMs: peak.atMs, drainedMs: undefined };
}

function windowOf({ limit }: LimitPace): { readonly count: number; readonly windowMs: number } {
  return { count: limit.count, windowMs: limit.windowMs };
}
