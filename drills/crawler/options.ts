/** What can be set for a run. */
export interface CrawlerOptions {
  /** How many pages are to be fetched. */
  readonly pages: number;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}
