import type { ProbeAnswer } from "../breaker/index.ts";

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

export interface MappingUpdate {
  readonly enabled?: boolean;
  /** `unset`: Lambda's own bound. */
  readonly maximumConcurrency?: number | "unset";
}

/** The mappings of one bus. */
export interface Mappings {
  /** All that lead from a consumer's queue to its function. They may be seconds old. Throws when Lambda did not answer. */
  list(): Promise<readonly MappingFacts[]>;
  /**
   * Asks for a change. `accepted`: it is under way, and takes its time. `busy`: another one is under way; ask again.
   * `gone`: there is no such mapping any more. Safe to repeat. Throws when Lambda did not answer, or refused it.
   */
  update(uuid: string, change: MappingUpdate): Promise<"accepted" | "busy" | "gone">;
  /** What a consumer was deployed with: recovery ends there. `undefined`: Lambda's own bound. Throws as above. */
  plannedConcurrency(consumer: string): Promise<number | undefined>;
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

/** How many messages of a queue are received and neither deleted nor visible again. Throws when SQS did not answer. */
export type InFlight = (queue: string) => Promise<number>;
