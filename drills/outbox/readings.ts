import type { ConsumerName } from "./names.ts";

/** What one consumer has done, as its table of effects tells. */
export interface Effects {
  /** Different orders, and what they cost. */
  readonly orders: number;
  readonly cents: number;
  /** Orders of the shop's table that it has heard nothing of. */
  readonly lost: number;
  /** Orders that it has heard of, and that stand in no table. */
  readonly ghosts: number;
  /** Effects beyond the first of an order. */
  readonly twice: number;
}

/** What stands in the tables and queues when nothing moves any more. */
export interface Readings {
  /** The shop's own table. */
  readonly orders: number;
  readonly cents: number;
  readonly effects: Readonly<Record<ConsumerName, Effects>>;
  /** From an order's being written to its being handled, over all effects. */
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  /** Rows that are still in the outbox, and dead letters. */
  readonly left: number;
  readonly deadLetters: number;
}
