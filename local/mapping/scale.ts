import type { Clock } from "../../src/clock.ts";
import { lambda } from "../../src/limits-of-aws.ts";

/** How a mapping grows. (services-sqs-scaling) */
export const scaling = {
  startBatches: lambda.startBatches,
  batchesPerMinute: lambda.batchesPerMinute,
  maxBatches: lambda.maxBatches,
  /** Growth pauses for so long after a batch that was throttled or failed. */
  holdMs: 10_000,
  /** How often a busy mapping looks whether it may grow; a longer silence does not count as busy. */
  lookMs: 1_000,
  /** For each environment that this machine has: one batch that runs, and one at hand. */
  batchesPerEnvironment: 2,
} as const;

/** How many batches may be in progress at once. */
export interface Scale {
  /** The number now. */
  allowed(limits: { maximumConcurrency: number | undefined; capacity: number | undefined }): number;
  /** All that is allowed is in use and messages are left: time counts towards growth. */
  busy(): void;
  /** The queue is empty: back to the start. */
  quiet(): void;
  /** A batch was refused or failed while `running` others ran: back to that many, and no growth for a while. */
  failed(running: number): void;
}

/**
 * Lambda's scaling: five batches at the start, 300 more per minute while messages are left, at most 1,250; back to five
 * when it is quiet. It does *not* look at the function's reserved concurrency, which is the trap: a mapping without a
 * maximum concurrency pulls more than the function may run, and learns it only by being throttled.
 */
export function createScale(clock: Clock): Scale {
  let level: number = scaling.startBatches;
  let busySinceMs: number | undefined;
  let heldUntilMs = 0;
  return {
    allowed({ maximumConcurrency = Number.POSITIVE_INFINITY, capacity = Number.POSITIVE_INFINITY }) {
      return Math.max(
        1,
        Math.min(Math.floor(level), maximumConcurrency, capacity * scaling.batchesPerEnvironment),
      );
    },
    busy() {
      const nowMs = clock.nowMs();
      if (busySinceMs !== undefined && nowMs >= heldUntilMs) {
        const busyMs = Math.min(nowMs - busySinceMs, 2 * scaling.lookMs);
        const grown = level + (busyMs / 60_000) * scaling.batchesPerMinute;
        level = Math.min(scaling.maxBatches, grown);
      }
      busySinceMs = nowMs;
    },
    quiet() {
      level = scaling.startBatches;
      busySinceMs = undefined;
    },
    failed(running) {
      level = Math.max(scaling.startBatches, Math.min(level, running));
      heldUntilMs = clock.nowMs() + scaling.holdMs;
    },
  };
}
