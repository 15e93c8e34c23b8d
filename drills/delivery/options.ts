/** What can be set for a run. */
export interface DeliveryOptions {
  /** How many orders are published. */
  readonly orders: number;
  /** Print the result as one line of JSON. */
  readonly json: boolean;
  /** Where the local endpoint listens; 0 for any free port. */
  readonly port: number;
}
