import type { WireMessage } from "../contract/index.ts";

/**
 * The ledger: what each consumer has claimed and done, one item per consumer and event.
 *
 * ```
 *            claim                     end: done
 *  (absent) ───────▶ claimed ─────────────────────▶ done   (stays; emitted events inside until they are sent)
 *                    │  ▲  │ end: dead
 *       end: released│  │  └──────▶ dead ── claim (redrive) ──▶ claimed
 *                    ▼  │ claim, or the lease has run out
 *                  released
 * ```
 * Every change of a claimed item is fenced by its owner's token: who lost the claim cannot end it.
 */
export interface Ledger {
  /**
   * Claims events, one result each, in the same order. The keys of one call must differ.
   *
   * Atomic per event, not across them. Calling again with the same owner after a lost answer is safe: an own
   * claim is recognised. Throws `LedgerError` when the ledger did not answer; single events that could not be
   * decided come back as `failed`. In both cases the handler must not run.
   */
  claim(events: readonly ClaimRequest[], terms: ClaimTerms): Promise<readonly ClaimResult[]>;
  /**
   * Ends claims, one result each, in the same order: `ended` also when an earlier try of the same owner had
   * already ended it that way. `lost` when another owner has taken over: its result stands, this one is refused.
   * Throws `LedgerError` when the ledger did not answer; it is safe to try again.
   */
  end(endings: readonly Ending[], owner: string): Promise<readonly EndResult[]>;
  /**
   * Writes down what was done without a claim before it (mode `record`), or died without one, one result each. The first
   * writer stands: later ones are told `already`, with the emitted events that are still to be sent. What is dead is not
   * written over a claim whose lease has not ended (`already` as well): whoever holds it decides.
   */
  record(entries: readonly RecordRequest[]): Promise<readonly RecordResult[]>;
  /** Forgets the emitted events of done items, once they are published. Safe to repeat. */
  sent(keys: readonly string[]): Promise<void>;
}

/** One event as one consumer sees it. */
export interface LedgerEvent {
  /** `ledgerKey(…)`: 32 hex characters. */
  readonly key: string;
  readonly consumer: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** The event's own time, RFC 3339. */
  readonly time: string;
  /** `dataHash(…)`: the same identity with another hash is another event under a used name. */
  readonly hash: string;
  /** The replay that runs it again; in its key as well. Absent the first time. */
  readonly replay?: string;
}

export interface ClaimRequest extends LedgerEvent {
  /** Whether the queue has handed this message out before: an item is then likely there. A hint, not a promise. */
  readonly redelivered: boolean;
}

export interface ClaimTerms {
  /** Unique to one run of one batch. */
  readonly owner: string;
  /** Until when nobody else may take the claim, in milliseconds since the epoch. */
  readonly leaseEndsMs: number;
}

export type ClaimResult =
  /** It is ours. `attempts` counts this run, from 1 again for one that was dead; `takenOver` says that an earlier owner never ended its claim. */
  | { readonly status: "claimed"; readonly attempts: number; readonly takenOver: boolean }
  /** Done before. `emits` are events that were stored with it and are not known to be sent. */
  | { readonly status: "done"; readonly emits: readonly WireMessage[] }
  /** Another owner works on it until then. */
  | { readonly status: "held"; readonly leaseEndsMs: number }
  /** The same identity was claimed before with other data. */
  | { readonly status: "id-reused" }
  | { readonly status: "failed"; readonly code: string };

export type Ending =
  /** `result`: what the run has come to, in a few words or as a hash; kept with it. */
  | {
      readonly key: string;
      readonly to: "done";
      readonly emits: readonly WireMessage[];
      readonly result?: string;
    }
  | { readonly key: string; readonly to: "dead"; readonly reason: string }
  /** Given back for a later try. A run that never started is not counted. */
  | { readonly key: string; readonly to: "released"; readonly started: boolean };

export type EndResult =
  | { readonly status: "ended" }
  | { readonly status: "lost" }
  | { readonly status: "failed"; readonly code: string };

export interface RecordRequest extends LedgerEvent {
  readonly attempts: number;
  readonly ending:
    | { readonly to: "done"; readonly emits: readonly WireMessage[] }
    | { readonly to: "dead"; readonly reason: string };
}

export type RecordResult =
  | { readonly status: "recorded" }
  | { readonly status: "already"; readonly emits: readonly WireMessage[] }
  | { readonly status: "id-reused" }
  | { readonly status: "failed"; readonly code: string };
