/** What can be set for a run. */
export interface PeakOptions {
  /** How many orders are published. */
  readonly events: number;
  /** In virtual time, on models of queues and tables. */
  readonly virtual: boolean;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}

/** What a run is made of unless told. `perSecond`: how fast orders come; here, about as fast as they can be published. */
export const sizes = {
  local: { events: 30_000, perSecond: 5_000 },
  virtual: { events: 1_000_000, perSecond: 100_000 },
} as const;

/** How long booking one order takes. */
export const handlerMs = 5;

/**
 * Processes of the consumer on this machine, and how many orders each takes at once. What they hold together is how far
 * ahead starts are reserved, a quarter of a second here: it takes a stall that is longer to leave the back end idle. Few,
 * as two cores are all there is, and each has to be started.
 */
export const size = { concurrency: 6, batchSize: 20, batchWindowMs: 1_000 } as const;
