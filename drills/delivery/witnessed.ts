import type { ConsumerName } from "./names.ts";

/** What the separate process found: whose effects there are, and what is archived. Ids are those of orders. */
export interface Witnessed {
  readonly effects: Readonly<Record<ConsumerName, readonly Noted[]>>;
  /** One for each archived line: a repeated id was published twice. */
  readonly archived: readonly string[];
}

/** One effect. */
export interface Noted {
  readonly orderId: string;
  readonly cents: number;
}
