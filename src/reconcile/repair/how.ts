import type { Difference } from "../difference.ts";
import type { OpenDifference } from "../state.ts";

/**
 * What can be done about a difference.
 * - `send`: archived events are sent again to one consumer's queue, by their offsets.
 * - `call`: the job's own repair function is called with it.
 * - `tell`: nothing can be done by a machine; `look` says what a person should look at.
 */
export type How =
  | {
      readonly do: "send";
      readonly consumer: string;
      readonly offsets: readonly string[];
      /** What is known of why it is missing: for people, who may look there first. */
      readonly because?: string;
    }
  | { readonly do: "call" }
  | { readonly do: "tell"; readonly look: string };

/** What a repair is told besides the difference. */
export interface RepairContext {
  /**
   * The same for the same difference of the same job, however often it is repaired: to hand on as an idempotency key.
   * Another one once anything about the difference has changed.
   */
  readonly effectKey: string;
  readonly job: string;
  /** The plan that this belongs to. */
  readonly plan: string;
  /** Who has it applied: `schedule`, or an IAM identity. */
  readonly by: string;
  /** 1 for the first repair of this difference. */
  readonly attempt: number;
  /** Aborted when there is no more time: whatever is done from then on is not waited for. */
  readonly signal: AbortSignal;
}

/** A difference whose events are to be sent again. */
export interface Resend {
  readonly difference: Difference;
  readonly consumer: string;
  readonly offsets: readonly string[];
  readonly effectKey: string;
}

/** How the differences of one job are repaired. */
export interface Repairer {
  /** What can be done about each, in the order asked. Changes nothing. */
  how(open: readonly OpenDifference[]): Promise<readonly How[]> | readonly How[];
  /**
   * What a difference is about, in whole units such as cents; `undefined` where that cannot be told. Its sign is of no
   * account.
   */
  amountOf?(difference: Difference): number | undefined;
  /** Sends the events of some differences again, all to one consumer: when it answers, all of them are on their way. */
  send?(some: readonly Resend[], context: Omit<RepairContext, "effectKey" | "attempt">): Promise<void>;
  /** Repairs one difference. What it claims is not believed: the difference is looked up afterwards. */
  call?(difference: Difference, context: RepairContext): Promise<void>;
}
