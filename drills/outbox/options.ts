/** What can be set for a run. */
export interface OutboxOptions {
  /** How many orders are to stand in the end; one for every twenty more is rolled back. */
  readonly orders: number;
  /** How often writer and relay are killed at least, each. */
  readonly kills: number;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}
