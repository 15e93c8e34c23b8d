import type { Clock } from "../clock.ts";
import { OmnibusError } from "../errors.ts";
import type { OpenDifference, Progress, ReconcileStore } from "./state.ts";

/** Thrown when another run has taken the job over, in the middle of this one. What was written stands. */
export class LeaseLost extends OmnibusError {
  constructor(job: string) {
    super("lease-lost", `job ${job} was taken over by another run: this one stops, the other one goes on`, {
      retryable: true,
    });
  }
}

/** How long after its invocation a lease still stands: the last answer may be on its way. */
const leaseMarginMs = 10_000;

/** A job, or a part of one, that is in our hands. Every method throws `LeaseLost` when it no longer is. */
export interface Holding {
  readonly progress: Progress;
  save(next: Progress): Promise<void>;
  open(found: readonly OpenDifference[]): Promise<void>;
  close(keys: readonly string[]): Promise<void>;
  /** Gives it back. */
  end(): Promise<void>;
}

/** When a lease ends that is taken now: after `leaseMs`, and not long after the invocation. */
export function leaseEndMs(clock: Clock, { leaseMs, untilMs }: { leaseMs: number; untilMs: number }): number {
  return Math.min(clock.nowMs() + leaseMs, untilMs + leaseMarginMs);
}

/** What was begun under `name`: a job, or a part of `job`, whose differences it writes down. */
export function holdingOf({
  store,
  name,
  job,
  owner,
  progress,
  leaseEnds,
}: {
  readonly store: ReconcileStore;
  readonly name: string;
  readonly job: string;
  readonly owner: string;
  readonly progress: Progress;
  readonly leaseEnds: () => number;
}): Holding {
  let current = progress;
  const owned = (written: boolean) => {
    if (!written) throw new LeaseLost(name);
  };
  return {
    get progress() {
      return current;
    },
    async save(next) {
      owned(await store.save(name, owner, next, leaseEnds()));
      current = next;
    },
    open: async (found) => owned(await store.open(job, owner, found, name)),
    close: async (keys) => owned(await store.close(name, owner, keys)),
    end: () => store.end(name, owner),
  };
}
