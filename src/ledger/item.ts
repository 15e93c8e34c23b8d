import type { WireMessage } from "../contract/index.ts";
import type { LedgerEvent } from "./ports.ts";

/** Format of the items. Readers understand this one and the one before it. */
export const itemVersion = 1;

export type LedgerState = "claimed" | "released" | "done" | "dead";

/** One item of the ledger, as every adapter keeps it. Times in milliseconds, `expires` in seconds, for TTL. */
export interface LedgerItem extends LedgerEvent {
  readonly v: typeof itemVersion;
  readonly state: LedgerState;
  readonly owner: string;
  /** End of the claim's lease. */
  readonly lease: number;
  /** Started runs. */
  readonly attempts: number;
  /** When it was last done or dead; 0 before. */
  readonly ended: number;
  readonly expires: number;
  /** Why it is dead, or was before it was claimed again. */
  readonly reason?: string;
  /** What the run has come to that ended it, as a hash; in mode `transaction`. Of a shadow run that threw: `failed: …`. */
  readonly result?: string;
  /** Events that the handler emitted, not yet known to be published. */
  readonly emits?: readonly WireMessage[];
}
