/** What can be set for a run. */
export interface DeadLettersOptions {
  /** How many parcels die. */
  readonly letters: number;
  /** How many are sent back in a second. */
  readonly rate: number;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}
