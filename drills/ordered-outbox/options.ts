import type { OutboxOptions } from "../outbox/options.ts";

/** What can be set for a run. */
export interface OrderedOutboxOptions extends OutboxOptions {
  /** How many accounts the orders belong to. */
  readonly accounts: number;
}
