import type { MappingFacts } from "../probing/index.ts";

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

/** How many messages of a queue are received and neither deleted nor visible again. Throws when SQS did not answer. */
export type InFlight = (queue: string) => Promise<number>;
