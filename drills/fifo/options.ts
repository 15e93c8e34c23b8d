import type { Sizes } from "./poison-step.ts";

/** What can be set for a run. */
export interface FifoOptions extends Sizes {
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}
