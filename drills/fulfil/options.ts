/** What can be set for a run. */
export interface FulfilOptions {
  /** How many real orders are placed. The first fifth of them meets a quiet pipeline. */
  readonly orders: number;
  /** How many orders come each second. */
  readonly rate: number;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}

/** How much slower one partner becomes. */
export const slowFactor = 10;

/** The orders that come before anything is disturbed. */
export const quietOf = (orders: number) => Math.ceil(orders / 5);

/** The first of these meet functions that have yet to start: their times are nobody's. */
export const warmUpOf = (orders: number) => Math.min(100, Math.ceil(quietOf(orders) / 2));
