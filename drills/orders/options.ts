/** What can be set for a run. */
export interface OrdersOptions {
  /** How many of the file's orders are published, from its first on. */
  readonly orders: number | "all";
  /** Share of the orders that are published a second time, 0 to 1. */
  readonly duplicates: number;
  /** Messages that are no events, per order, 0 to 1. */
  readonly poison: number;
  /** Kill handler processes at random moments. */
  readonly chaos: boolean;
  /** End after the summary. */
  readonly once: boolean;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
  /** Folder to keep the cloud's state in; in memory without. */
  readonly data: string | undefined;
  /** Decides what comes twice when, and who dies when. */
  readonly seed: number;
}
