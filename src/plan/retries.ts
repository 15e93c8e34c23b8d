import { SettingsError } from "../errors.ts";
import { lambda, sqs } from "../limits-of-aws.ts";

/** What a consumer's retries must outlast, and how they are spread. Milliseconds. */
export interface RetryGoal {
  /** An outage of this length must kill no event. */
  readonly surviveMs: number;
  /** Ceiling of the first delay; each further ceiling is twice as high. */
  readonly firstDelayMs: number;
  /** The highest ceiling. */
  readonly maxDelayMs: number;
}

/** What follows from a `RetryGoal`. */
export interface RetryPlan {
  /** Started runs before an event is dead. */
  readonly attempts: number;
  /** Receives before SQS itself moves a message to the dead-letter queue: the backstop, never the plan. */
  readonly maxReceiveCount: number;
  /** How long the retries last on average. */
  readonly expectedMs: number;
  /** How long they can last at most, the runs themselves left out: the queue must keep a message for so long. */
  readonly longestMs: number;
}

/** SQS counts visibility in whole seconds. */
const shortestDelayMs = 1_000;

/**
 * How rarely an event may run out of attempts before the outage is over: one in a billion. With full jitter a delay is
 * evenly spread over [0, ceiling], so half of all events would die early if the *mean* were made to fit.
 */
const earlyDeath = 1e-9;

/**
 * A sum of evenly spread delays falls short of its mean by t with a chance below exp(−t² / 2V), V its variance: an even
 * spread is strictly sub-Gaussian. (Arbel, Marchal, Nguyen 2020: "On strict sub-Gaussianity")
 */
const deviations = Math.sqrt(-2 * Math.log(earlyDeath));

/** Receives for each start: room for deliveries that find a lease, an open breaker or a busy function, and run nothing. */
const receivesPerAttempt = 10;

/**
 * The attempts that survive an outage, with full jitter: attempt n + 1 follows attempt n after a random part of
 * min(maxDelay, firstDelay · 2ⁿ⁻¹).
 *
 * Throws `SettingsError` (`retry-goal`) on delays that cannot be, and on more attempts than SQS counts receives.
 */
export function planRetries(goal: RetryGoal): RetryPlan {
  const problem = retryGoalProblem(goal);
  if (problem !== undefined) throw new SettingsError("retry-goal", problem);

  let attempts = 1;
  let longestMs = 0;
  let variance = 0;
  for (let ceilingMs = goal.firstDelayMs; ; ceilingMs = Math.min(ceilingMs * 2, goal.maxDelayMs)) {
    if (longestMs / 2 - deviations * Math.sqrt(variance) >= goal.surviveMs) break;
    attempts += 1;
    if (attempts > sqs.maxReceiveCount) throw new SettingsError("retry-goal", tooManyAttempts(goal));
    longestMs += ceilingMs;
    variance += ceilingMs ** 2 / 12;
  }
  return {
    attempts,
    maxReceiveCount: Math.min(
      sqs.maxReceiveCount,
      Math.max(lambda.minReceiveCount, attempts * receivesPerAttempt),
    ),
    expectedMs: longestMs / 2,
    longestMs,
  };
}

/** How a deployed consumer tries again, as its settings tell. */
export interface RetryTerms {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** How long the retries of a deployed consumer can last at most, the runs themselves left out. */
export function longestRetryMs({ attempts, firstDelayMs, maxDelayMs }: RetryTerms): number {
  let longestMs = 0;
  let ceilingMs = firstDelayMs;
  for (let attempt = 1; attempt < attempts; attempt++) {
    longestMs += ceilingMs;
    ceilingMs = Math.min(ceilingMs * 2, maxDelayMs);
  }
  return longestMs;
}

/** The longest outage that so many attempts survive, by the same bound: what a deployed consumer's settings promise. */
export function survivedMs({ attempts, firstDelayMs, maxDelayMs }: RetryTerms): number {
  let longestMs = 0;
  let variance = 0;
  let ceilingMs = firstDelayMs;
  for (let attempt = 1; attempt < attempts; attempt++) {
    longestMs += ceilingMs;
    variance += ceilingMs ** 2 / 12;
    ceilingMs = Math.min(ceilingMs * 2, maxDelayMs);
  }
  return Math.max(0, longestMs / 2 - deviations * Math.sqrt(variance));
}

function tooManyAttempts({ surviveMs, maxDelayMs }: RetryGoal): string {
  return `retry.survive is ${surviveMs} ms with a retry.maxDelay of ${maxDelayMs} ms, which takes more than ${sqs.maxReceiveCount} attempts, and SQS counts no further; raise retry.maxDelay, or survive less`;
}

function retryGoalProblem({ surviveMs, firstDelayMs, maxDelayMs }: RetryGoal): string | undefined {
  const longestDelayMs = sqs.maxDelayAfterReceiveSeconds * 1_000;
  if (!(surviveMs >= 0 && surviveMs <= sqs.maxRetentionSeconds * 1_000)) {
    return `retry.survive is ${surviveMs} ms; 0 to ${sqs.maxRetentionSeconds / 86_400} days are allowed, because no queue keeps a message longer`;
  }
  if (!(firstDelayMs >= shortestDelayMs && firstDelayMs <= maxDelayMs)) {
    return `retry.firstDelay is ${firstDelayMs} ms; ${shortestDelayMs} ms (SQS counts in seconds) to retry.maxDelay (${maxDelayMs} ms) are allowed`;
  }
  if (!(maxDelayMs <= longestDelayMs)) {
    return `retry.maxDelay is ${maxDelayMs} ms; at most ${longestDelayMs} ms are allowed, because a message stays invisible for 12 hours at most`;
  }
  return undefined;
}
