/** What became of one event in one delivery. Closed: every switch over it is exhaustive. */
export type Outcome =
  | { readonly kind: "handled" }
  /** Done before, or once more in the same batch; the handler did not run. */
  | { readonly kind: "duplicate" }
  /** Comes again after `delayMs` (0: as soon as the queue hands it out). `dependency`: the one that is down. */
  | {
      readonly kind: "retry";
      readonly reason: RetryReason;
      readonly delayMs: number;
      readonly error?: Cause;
      readonly dependency?: string;
    }
  /** Waits in its group's line, behind a poison; acknowledged. Only where the consumer parks. */
  | { readonly kind: "parked" }
  /** Copied to the dead-letter queue with this reason. */
  | { readonly kind: "dead"; readonly reason: string; readonly error?: Cause };

export type RetryReason =
  /** The handler threw. */
  | "failed"
  /** The handler says that a dependency is down: no nearer to death. */
  | "dependency-down"
  /** The consumer is held: it was not run. */
  | "hold"
  /** Another run holds the claim. */
  | "held"
  /** The bucket of claims did not answer: its data lies there, and the handler did not run; or what the handler emits was to be stored there. */
  | "claim-unavailable"
  /** Its data lies in the bucket of claims, and with that of others of the batch it is more than is read at once. */
  | "no-room"
  /** The ledger did not answer, before the handler ran. */
  | "ledger-unavailable"
  /** The handler ran, and its end could not be written down: it runs again when the lease is over. */
  | "not-recorded"
  /** Others wrote to the items of its transaction until too little time was left: no nearer to death. */
  | "conflict"
  /** Another run had taken the claim over. */
  | "lost"
  /** Too little time was left to start. */
  | "no-time"
  /** An earlier event of the same group failed. */
  | "group-stopped"
  /** Done, but an emitted event could not be published yet. */
  | "emit-failed"
  /** A limit had no start for it within its horizon. */
  | "no-slot"
  /** A limit could not be asked, before the handler ran. */
  | "limits-unavailable"
  /** Which groups are parked could not be asked, or could not be written. */
  | "parking-unavailable"
  /** Another event of the same message must come again: what is dead in it is buried with the last of them. */
  | "packed-together"
  /** It is dead, but the dead-letter queue did not take it. */
  | "dead-letter-failed";

/** An error as logs and dead letters show it. */
export interface Cause {
  readonly name: string;
  readonly message: string;
  /** Where a handler threw it: see `thrownAt`. */
  readonly at?: string | undefined;
}
