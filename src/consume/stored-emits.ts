import type { WireMessage } from "../contract/index.ts";

/** The emitted events of one handled event; `key` where the ledger keeps them until they are sent. */
export interface StoredEmits {
  readonly key: string | undefined;
  readonly messages: readonly WireMessage[];
  /** Stored by an earlier delivery: data of theirs that lies elsewhere has aged since. */
  readonly isOld?: boolean | undefined;
}
