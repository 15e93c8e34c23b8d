import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { WireMessage } from "../contract/index.ts";

export type { AttributeValue };

/** An item, or an item's key, as the AWS SDK's own client has them: `{ account: { S: "a-17" }, cents: { N: "1250" } }`. */
export type Item = Record<string, AttributeValue>;

/** One of `Put`, `Update`, `Delete` and `ConditionCheck`, as the AWS SDK's TransactWriteItems takes it. */
export type Write = TransactWriteItem;

/** Where an item is. */
export interface ItemAddress {
  /** A table's name, or its ARN. Account and region are the ledger's. */
  readonly TableName: string;
  readonly Key: Item;
}

/**
 * Where the writes of a handler and the completion of its event are committed together. Nothing here tries a try again that was
 * decided against.
 */
export interface TransactionStore {
  /** The ledger's table: no write of a handler may go there. */
  readonly ledger: string;
  /** An item as it stands now (a consistent read), `undefined` where there is none. Throws when no answer came. */
  read(at: ItemAddress): Promise<Item | undefined>;
  /**
   * Commits all of it or nothing. Throws when no answer came: it may then be committed or not, and `claimState` tells, once it
   * is decided.
   */
  commit(attempt: CommitAttempt): Promise<CommitAnswer>;
  /** What the ledger says of a claim (a consistent read). Throws when no answer came. */
  claimState(key: string, owner: string): Promise<ClaimState>;
}

/** `open`: claimed by this owner. `done`: completed by this owner. `lost`: another owner has taken over, or it was given back. */
export type ClaimState = "open" | "done" | "lost";

/** What is to be committed. */
export interface CommitRequest {
  /** The claim that it completes: the ledger's key, and whose it is. */
  readonly key: string;
  readonly owner: string;
  /** Events to be published when it is committed; they are stored with the completion. */
  readonly emits: readonly WireMessage[];
  /** What the run has come to: stored with the completion. */
  readonly result?: string;
  readonly writes: readonly Write[];
}

/** One try to commit it. */
export interface CommitAttempt extends CommitRequest {
  /** Unlike that of any other try: at most 36 characters. */
  readonly token: string;
}

export type CommitAnswer =
  | { readonly status: "committed" }
  /** The claim is not open any more, and this try has written nothing. */
  | { readonly status: "fenced"; readonly claim: Exclude<ClaimState, "open"> }
  /** The condition of the write at this place did not hold. `item`: what stood there; `undefined` where there was none. */
  | { readonly status: "refused"; readonly at: number; readonly item: Item | undefined }
  /** Others had one of the items in their hands, or there is no room for more requests now: the next try may succeed. */
  | { readonly status: "conflict"; readonly code: string }
  /** It can never be committed as it is. */
  | { readonly status: "invalid"; readonly code: string; readonly message: string };
