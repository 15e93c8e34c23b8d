/**
 * Where limits are kept: one item per rate (and part, and key), one per bucket of a quota. Times in microseconds since
 * the epoch.
 *
 * An item of a rate holds its *theoretical arrival time*: when its next slot may start. Moving it on by n slots owns
 * those slots:
 * ```
 *            now        tat                 tat + n·spacing        latest
 *  ───────────┼──────────┼───┼───┼───┼───┼───┼────────────────────────┼─────▶
 *                        └ the n slots ──┘   └ tat afterwards: never beyond the horizon
 * ```
 */
export interface LimitStore {
  /**
   * Moves every item of a request on to one common start, or none of them. The first slot is at `startMicros`, later
   * ones `spacingMicros` (the widest of the request's rates) apart.
   *
   * A lost answer that is asked for again may own slots twice: fewer starts than allowed, never more. Throws
   * `LimitError` when the store did not answer.
   */
  reserve(request: SlotRequest): Promise<SlotAnswer>;
  /**
   * Gives back the last `unused` slots of a grant, where nobody has reserved behind them; `true` when it did. They must
   * not be used any more when this is called, whatever it answers.
   */
  giveBack(grant: SlotGrant, unused: number): Promise<boolean>;
}

export interface SlotRequest {
  readonly rates: readonly { readonly key: string; readonly spacingMicros: number }[];
  readonly quotas: readonly {
    readonly key: string;
    readonly count: number;
    readonly endsMicros: number;
  }[];
  /** How many slots, from 1. */
  readonly slots: number;
  /** No slot may start before this: now, and the time the answer takes. */
  readonly earliestMicros: number;
  /** No item may be moved beyond this: now, and the horizon. */
  readonly latestMicros: number;
}

export interface SlotGrant {
  readonly request: SlotRequest;
  readonly startMicros: number;
}

export type SlotAnswer = {
  /** The second in which the store answered, by its own clock: what catches a clock of ours that is grossly wrong. */
  readonly storeMs?: number | undefined;
} & (
  | { readonly status: "granted"; readonly grant: SlotGrant }
  /** Nothing was spent. `fits` slots would go in now (0 or more); one slot will fit once the clock reads `roomAtMicros`. */
  | { readonly status: "full"; readonly fits: number; readonly roomAtMicros: number }
  /** Others were faster, again and again. Nothing was spent; ask again. */
  | { readonly status: "contended" }
);
