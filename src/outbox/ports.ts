import type { Death } from "./death.ts";
import type { LineStore } from "./line-ports.ts";
import type { Place } from "./places.ts";
import type { OutboxRow, StoredRow } from "./row.ts";

/**
 * What a relay does to an outbox's rows: here those without an order; ordered ones are `LineStore`'s. Writers put rows into the table in transactions of their own; nothing here does.
 *
 * ```
 *  (a writer's transaction)
 *            ▼            published
 *           row ───────────────────────▶ gone
 *            │ ▲
 *  cannot be │ │ released
 *  sent      ▼ │        dropped
 *           dead ──────────────────────▶ gone
 * ```
 * All methods throw `OutboxError` when the store did not answer; a call may then have had its effect, and may be made again.
 */
export interface OutboxStore extends LineStore {
  /**
   * Rows of one shard that were made before `beforeMs`, or after `afterMs` (by a clock that is wrong), the oldest first, at
   * most `most`, from behind the place `behind` on; fewer than there are may be told at once, and none means that there is none.
   * Read weakly: one that has just been removed may be told.
   */
  due(shard: number, terms: DueTerms): Promise<readonly StoredRow[]>;
  /** Those of the places at which a row is, read strongly: what is not there any more is out. */
  stillThere(places: readonly Place[]): Promise<readonly Place[]>;
  /** Removes rows that are out. What is gone already is no failure. */
  remove(places: readonly Place[]): Promise<void>;
  /** Puts a row among the dead, with the reason, in one step. `false`: it was gone; nothing was written. */
  bury(place: Place, death: Death): Promise<boolean>;

  /**
   * Takes the lease of a shard's sweep until `endsMs`, when nobody else holds it or theirs has ended; the same owner may take
   * it again. Atomic: of many who ask at once, one has it. `false`: another has.
   */
  takeSweep(shard: number, owner: string, endsMs: number): Promise<boolean>;
  /** Gives it back; not one that is another's by now. */
  endSweep(shard: number, owner: string): Promise<void>;

  /** The dead of one shard, the oldest first, at most `most`, from behind the place `behind` on; fewer than there are may be told at once. */
  dead(
    shard: number,
    terms: { readonly behind?: Place | undefined; readonly most: number },
  ): Promise<readonly DeadRow[]>;
  /** Puts a dead row back among those that wait, in one step. `false`: it was gone; nothing was written. */
  revive(dead: Place): Promise<boolean>;
  /** Removes a dead row for good. `false`: it was gone. */
  drop(dead: Place): Promise<boolean>;
}

export interface DueTerms {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly most: number;
  readonly behind?: Place | undefined;
}

/** A row that cannot be sent, and why. */
export interface DeadRow {
  readonly place: Place;
  readonly death: Death;
  /** The row; nothing where no event can be made of it. */
  readonly row?: OutboxRow | undefined;
}
