import type { Ramp } from "../breaker/index.ts";
import { lambda } from "../limits-of-aws.ts";

/** Batches at once, step by step: the least that AWS allows, then about twice as many each time. */
const steps = [lambda.minMaximumConcurrency, 5, 10, 20, 50, 100, 200, 500] as const;

/** Where recovery begins; `undefined`: the consumer never asks for more than that. */
export function firstStep(planned: number | undefined): Ramp | undefined {
  const [step] = steps;
  return isFull(step, planned) ? undefined : { step };
}

/** The step after this one, at most what was planned. */
export function nextStep(step: number, planned: number | undefined): number {
  const full = planned ?? lambda.maxMaximumConcurrency;
  return Math.min(full, steps.find((one) => one > step) ?? full);
}

/** Whether a step is all that was planned: recovery is over there. */
export function isFull(step: number, planned: number | undefined): boolean {
  return step >= (planned ?? lambda.maxMaximumConcurrency);
}
