/** What can be set for a run. */
export interface OutageOptions {
  /** How many orders are published, evenly, from before the outage until after it. */
  readonly events: number;
  /** How long the partner is down. */
  readonly downSeconds: number;
  /** In virtual time, on models of queues and tables. */
  readonly virtual: boolean;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}

/** What a run is made of unless told: a minute on this machine, an hour in virtual time. */
export const sizes = {
  local: { events: 1_600, downSeconds: 60 },
  virtual: { events: 180_000, downSeconds: 3_600 },
} as const;

/** Orders come for so long before the partner goes down, and after it is back. */
export const quietSeconds = 10;

/** For so long a partner that goes down still takes payments, and answers none of them. */
export const takesMs = 500;
