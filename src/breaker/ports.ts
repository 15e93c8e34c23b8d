import type { ConsumerHolds, Hold, ProbeNote, Ramp } from "./hold.ts";

/** Who writes. What the governor writes need not wake it. */
export type Writer = "consumer" | "person" | "governor";

/**
 * Where holds are kept: one item for each consumer. Every write is one conditional call, and touches what it names alone:
 * a breaker cannot undo what a person has paused. All throw `HoldError` when the store did not answer, or is not there.
 */
export interface HoldStore {
  /** What is written down about each of these consumers, in their order. Whatever was written before is seen. */
  read(consumers: readonly string[]): Promise<readonly ConsumerHolds[]>;
  /** Opens a hold. Where one of its name is open, that one stays as it is: `already`. Safe to repeat. */
  open(consumer: string, hold: Hold, writer: Writer): Promise<"opened" | "already">;
  /**
   * Lifts the hold that was opened at `sinceMs`, and no later one of its name; answers whether it was there. With
   * `ramp`, recovery begins in the same write.
   */
  lift(consumer: string, hold: Pick<Hold, "name" | "sinceMs">, writer: Writer, ramp?: Ramp): Promise<boolean>;
  /** Writes down how a probe went. The last one counts. */
  noteProbe(consumer: string, note: ProbeNote): Promise<void>;
  /** Moves recovery on from `before`, or ends it (`undefined`); `false`: it stands elsewhere by now. */
  moveRamp(consumer: string, before: Ramp, after: Ramp | undefined): Promise<boolean>;
}
