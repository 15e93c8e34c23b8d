/** What can be set for a run. */
export interface RecommenderOptions {
  /** How many of the file's orders are placed, from its first on. */
  readonly orders: number | "all";
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Stay up after the summary. */
  readonly stay: boolean;
  /** Deploy into an emulator of AWS, and play there. */
  readonly emulator: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
  /** Decides what comes twice when, and who dies when. */
  readonly seed: number;
}
