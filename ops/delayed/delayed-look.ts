import type { WireMessage } from "../../src/contract/index.ts";
import type { DelayState } from "../../src/delay/index.ts";

/** An event that waits in a schedule, as people and programs are told of it. */
export interface DelayedLook {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly topic: string;
  /** When it is due, in milliseconds since the epoch. */
  readonly dueMs: number;
  /** `cancelled`: its schedule still stands, and it is dropped when it is due. `sent`: it was sent before, and is once more. */
  readonly state: "waits" | DelayState;
  /** The schedule's name. */
  readonly schedule: string;
  /** With its data: for those who ask for it. */
  readonly message: WireMessage;
}

/** A schedule that holds no event: somebody else's, or of another version. */
export interface UnreadableSchedule {
  readonly schedule: string;
  readonly problem: string;
}
