/** What can be set for a run. */
export interface TransferOptions {
  /** How many transfers bank A's customers make. */
  readonly transfers: number;
  /** What is younger than this is still under way. */
  readonly settleSeconds: number;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}

/** Twelve of each kind of fault and more fit in: fewer transfers than this are too few. */
export const leastTransfers = 100;

/** The share of bank A's transactions that its table has no throughput for. */
export const throttledShare = 0.05;
/** How often bank A's desk, bank B's functions and the reconciliation are killed at random, at least. */
export const leastKills = 2;
