import { InvalidEventError } from "../errors.ts";
import { sqs } from "../limits-of-aws.ts";

/** When an event is to be published; both say the same, and one of them is allowed. */
export interface DelayOptions {
  /** A moment: the same everywhere, whatever the time zone. One that has passed is now. */
  readonly at?: Date;
  /** From now on, in milliseconds. */
  readonly afterMs?: number;
}

const dayMs = 86_400_000;
const maxMs = 366 * dayMs;
/** A message may come up once more for as long as queues keep it. */
const queuesKeepMs = 60 * dayMs;

export const delayLimits = {
  /** A queue holds a message back for so long. */
  queueMs: sqs.maxDelaySeconds * 1_000,
  /** How far off an event may be due. */
  maxMs,
  /** How long it is kept that an event was sent. */
  sentMs: queuesKeepMs,
  /** How long it is kept that one was cancelled: it may come up as late as it can be due, and behind that. */
  cancelledMs: maxMs + queuesKeepMs,
} as const;

/**
 * When an event is due; `undefined`: now. Throws `InvalidEventError` (`delay`) for a moment that is none, for two of them, and for one that
 * is further off than a year.
 */
export function dueTime({ at, afterMs }: DelayOptions, nowMs: number): number | undefined {
  if (at === undefined && afterMs === undefined) return undefined;
  if (at !== undefined && afterMs !== undefined) refuse("at and afterMs are both given; one is allowed");
  const dueMs = at === undefined ? nowMs + Number(afterMs) : at.getTime();
  if (!Number.isFinite(dueMs)) {
    refuse(
      at === undefined ? `afterMs is ${afterMs}; give milliseconds` : "at is no date: give a valid Date",
    );
  }
  if (dueMs - nowMs > delayLimits.maxMs) {
    const days = Math.ceil((dueMs - nowMs) / dayMs);
    refuse(`it is due in ${days} days; 366 are allowed: keep what is due later in a table of your own`);
  }
  return dueMs > nowMs ? dueMs : undefined;
}

function refuse(problem: string): never {
  throw new InvalidEventError("delay", `the event cannot be delayed so: ${problem}; nothing was sent`);
}
