/** One account of the bank's, or of the consumer's book. */
export interface Account {
  /** Of the bank's how many steps stand; of the book's which one was booked last, each behind the one before it. */
  readonly steps: number;
  readonly cents: number;
}

/** What stands in tables and queues. */
export interface Readings {
  readonly written: Readonly<Record<string, Account>>;
  readonly booked: Readonly<Record<string, Account>>;
  /** Steps that came to the consumer out of their turn. */
  readonly outOfTurn: readonly string[];
  /** From a step's being written to its being booked, over all that are booked. */
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  /** Rows that are in the outbox, and dead letters. */
  readonly left: number;
  readonly deadLetters: number;
}
