/** What can be set for a run. */
export interface ExactlyOnceOptions {
  readonly transfers: number;
  /** Processes that must have been killed; fewer are no proof. */
  readonly kills: number;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}
