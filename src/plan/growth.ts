import { lambda } from "../limits-of-aws.ts";
import type { PlannedConsumer } from "./planned-consumer.ts";

/** From a moment on, so many invocations at once. */
export interface GrowthStep {
  readonly atMs: number;
  readonly lanes: number;
}

/**
 * How a mapping grows from quiet, while events wait: standard mode from 5 batches by 300 a minute, provisioned mode from
 * what its fewest pollers may ask for by 1,000 a minute. (services-sqs-scaling)
 */
export function growth({
  drain,
  concurrency,
  pollers,
}: Pick<PlannedConsumer, "drain" | "concurrency" | "pollers">): readonly GrowthStep[] {
  if (drain === "schedule") return [{ atMs: 0, lanes: 1 }];
  const { invocationsEach, invocationsPerMinute } = lambda.pollers;
  const first = pollers ? pollers.minimum * invocationsEach : lambda.startBatches;
  const perMinute = pollers ? invocationsPerMinute : lambda.batchesPerMinute;
  const start = Math.min(first, concurrency);
  // Provisioned mode may grow by thousands: a hundred steps are fine enough.
  const step = Math.max(1, Math.floor((concurrency - start) / 1_000));
  const steps: GrowthStep[] = [{ atMs: 0, lanes: start }];
  for (let lanes = start + step; lanes < concurrency + step; lanes += step) {
    const reached = Math.min(lanes, concurrency);
    steps.push({ atMs: ((reached - start) / perMinute) * 60_000, lanes: reached });
  }
  return steps;
}
