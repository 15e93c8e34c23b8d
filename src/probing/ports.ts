import type { HoldStore, ProbeAnswer } from "../breaker/index.ts";
import type { Clock } from "../clock.ts";
import type { Sink } from "../telemetry/index.ts";

/** A consumer's event source mapping, as Lambda shows it. */
export interface MappingFacts {
  readonly uuid: string;
  readonly consumer: string;
  /** The queue's name. */
  readonly queue: string;
  /** `Enabled`, `Disabled`, or on the way: `Creating`, `Enabling`, `Disabling`, `Updating`, `Deleting`. */
  readonly state: string;
  readonly maximumConcurrency: number | undefined;
  /** Whether it has pollers of its own, which exclude a maximum concurrency. */
  readonly isProvisioned: boolean;
}

/** How it is found out whether a dependency is back. Neither rejects. */
export interface Probes {
  /** Invokes the consumer's own probe. */
  ask(mapping: MappingFacts, dependency: string): Promise<ProbeAnswer>;
  /**
   * Lets one message of the consumer's queue through its function, as a batch of one, and deletes it where the function says
   * so. `isEmpty`: the queue has shown none.
   */
  letThrough(
    mapping: MappingFacts,
    dependency: string,
  ): Promise<ProbeAnswer & { readonly isEmpty?: boolean }>;
}

/** What probing stands on. */
export interface ProbingParts {
  readonly holds: HoldStore;
  readonly probes: Probes;
  readonly clock: Clock;
  readonly sink: Sink;
}
