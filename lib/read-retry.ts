import { Duration } from "aws-cdk-lib/core";
import { SettingsError } from "../src/errors.ts";
import { consumerDefaults, planRetries, type RetryGoal, type RetryPlan } from "../src/plan/index.ts";
import type { Retry } from "./consumer-props.ts";

/** What a consumer's retries must outlast, with every default, and what follows. */
export interface ReadRetry extends Required<Retry> {
  /** Those of the defaults where the goal cannot be. */
  readonly retries: RetryPlan;
  /** What is wrong with the goal. */
  readonly problem?: string;
}

/** Reads `retry`. Throws nothing: a guard tells what is wrong with it. */
export function readRetry(retry: Retry = {}): ReadRetry {
  const survive = retry.survive ?? Duration.millis(consumerDefaults.surviveMs);
  const firstDelay = retry.firstDelay ?? Duration.millis(consumerDefaults.firstDelayMs);
  const maxDelay = retry.maxDelay ?? Duration.millis(consumerDefaults.maxDelayMs);
  const goal: RetryGoal = {
    surviveMs: survive.toMilliseconds(),
    firstDelayMs: firstDelay.toMilliseconds(),
    maxDelayMs: maxDelay.toMilliseconds(),
  };
  try {
    return { survive, firstDelay, maxDelay, retries: planRetries(goal) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const retries = planRetries(consumerDefaults);
    return { survive, firstDelay, maxDelay, retries, problem: error.message };
  }
}
