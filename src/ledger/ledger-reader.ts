import type { LedgerItem } from "./item.ts";

/** Reads what the ledger knows, and changes nothing: for whoever asks what became of an event. */
export interface LedgerReader {
  /**
   * The items of these keys, in the order asked, without their emitted events; `undefined` where there is none. Sees every
   * write that was answered before. Throws when the ledger did not answer.
   */
  read(keys: readonly string[]): Promise<readonly (LedgerItem | undefined)[]>;
}
