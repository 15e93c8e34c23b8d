/** What can be set for a run. */
export interface ReplayOptions {
  /** How many orders are published and archived. */
  readonly orders: number | "all";
  /** The day whose orders are replayed. */
  readonly day: string;
  /** How many of them are sent in a second. */
  readonly rate: number;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}
