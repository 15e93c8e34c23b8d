import type { ConsumerName } from "./names.ts";

/** What a separate process found. Ids are those of orders. */
export interface Witnessed {
  /** All effects of each consumer: one for each run that counted. */
  readonly effects: Readonly<Record<ConsumerName, readonly Noted[]>>;
  /** What is archived, each event once, in the archive's order: id and offset, which is empty while its span is open. */
  readonly archived: readonly (readonly [orderId: string, offset: string])[];
}

/** One effect. */
export interface Noted {
  readonly orderId: string;
  /** When it was noted. */
  readonly atMs: number;
}
