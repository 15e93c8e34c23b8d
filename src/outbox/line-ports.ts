import type { Death } from "./death.ts";
import type { Order } from "./places.ts";
import type { StoredRow } from "./row.ts";

/**
 * What a relay does to the lines of an outbox: the rows of one key, which go out in the order of their sequence.
 *
 * ```
 *  (a writer's transaction)
 *          ▼          published: removed, and the head moves on, in one step
 *    line of a key ─────────────────────────────────────────────────────────▶ gone
 *          │ ▲  first row cannot be sent             a sequence is missing:
 *          ▼ │  released, or that row dropped        it waits, until that turns up or is given up
 *        parked: the key waits, no other one does
 * ```
 * The lease of a key keeps two relays from sending the same rows. The order does not hang on it: a row is sent when the one before
 * was taken by the topic, by the same relay or as the head says.
 *
 * All methods throw `OutboxError` when the store did not answer; a call may then have had its effect, and may be made again.
 */
export interface LineStore {
  /** The first row of each key of one shard, by key, from behind the key `behind` on. Read weakly. */
  firsts(shard: number, terms: { readonly behind?: string | undefined }): Promise<FirstRows>;
  /** The first rows of a key, in order, at most `most`; read strongly: what was committed before the call is there. */
  line(key: string, most: number): Promise<readonly LineRow[]>;
  /**
   * Takes the lease of a key until `endsMs`, when nobody else holds it or theirs has ended, and it is not parked. The same owner
   * may take it again. Atomic: of many who ask at once, one has it.
   */
  take(key: string, owner: string, endsMs: number): Promise<TakenKey>;
  /**
   * Writes down what was done under a lease, all of it or nothing: rows are removed and the head moves on to `sent`; then the
   * lease goes on, ends, or the key is parked. `false`: the lease is another's by now, and nothing was written.
   */
  settle(key: string, owner: string, step: KeyStep): Promise<boolean>;
  /** What is known of a key, read strongly; `undefined` where nothing was ever done to it. */
  head(key: string): Promise<Head | undefined>;
  /**
   * Lets a key that stands still go on, if it still is what was read: it is parked no more, `sent` counts as out, the row of the
   * sequence `drop` is removed. `false`: it is another by now, or somebody is at it; nothing was written.
   */
  mend(key: string, before: Head, change: Mending): Promise<boolean>;
  /** The last sequence that was given for a key, read strongly; 0 where none was. */
  last(key: string): Promise<number>;
}

/** A row of a line. */
export interface LineRow {
  readonly order: Order;
  readonly row: StoredRow;
}

export interface FirstRows {
  readonly rows: readonly LineRow[];
  /** The key to ask on from; none where the shard is at its end. */
  readonly behind?: string | undefined;
}

/** What the relay knows of a key. */
export interface Head {
  /** The sequence of the last row that is out; 0 where none is. */
  readonly sent: number;
  /** The row that the key waits behind. */
  readonly parked?: Parked | undefined;
}

/** A row that cannot be sent, and keeps its key waiting. */
export interface Parked extends Death {
  readonly sequence: number;
}

export type TakenKey =
  | { readonly status: "ours"; readonly sent: number }
  | { readonly status: "held"; readonly untilMs: number }
  | { readonly status: "parked"; readonly parked: Parked };

export interface KeyStep {
  /** Sequences of rows that are out; at most 50. */
  readonly out: readonly number[];
  /** The head from now on. */
  readonly sent: number;
  readonly next:
    | { readonly do: "keep"; readonly endsMs: number }
    | { readonly do: "release" }
    | { readonly do: "park"; readonly parked: Parked };
}

export interface Mending {
  /** From now on the last one that counts as out. */
  readonly sent: number;
  /** The sequence of a row that is never to be sent. */
  readonly drop?: number | undefined;
}
