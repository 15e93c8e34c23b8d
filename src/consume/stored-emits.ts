import type { WireMessage } from "../contract/index.ts";

/** The emitted events of one handled event; `key` where the ledger keeps them until they are sent. */
export interface StoredEmits {
  readonly key: string | undefined;
  readonly messages: readonly WireMessage[];
}
