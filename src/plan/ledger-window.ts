import { sns } from "../limits-of-aws.ts";

const dayMs = 86_400_000;

/** How long each station can hold an event. Milliseconds. */
export interface Retentions {
  /** The consumer's queue. */
  readonly queueMs: number;
  /** Its dead-letter queue. */
  readonly deadLetterMs: number;
  /** The queue of what SNS could not deliver. */
  readonly undeliveredMs: number;
}

/**
 * How long the ledger must remember at least, counted from its last write, so that nothing can come back after it has
 * forgotten. The longest way of a second copy of an event that is already done:
 *
 * ```
 * SNS retries   undelivered   redrive → queue   dead letters   redrive → queue
 * |--- 23 d ---|--- 14 d ----|----- 4 d ------|---- 14 d ----|----- 4 d -----|
 * ```
 *
 * There it meets the ledger, and either finds its record or becomes the last write itself.
 */
export function minimumKeepMs({ queueMs, deadLetterMs, undeliveredMs }: Retentions): number {
  return sns.deliveryDays * dayMs + undeliveredMs + queueMs + deadLetterMs + queueMs;
}

/** What the ledger keeps unless told otherwise: the minimum and one day, for clocks and for a redrive under way. */
export function defaultKeepMs(retentions: Retentions): number {
  return minimumKeepMs(retentions) + dayMs;
}
