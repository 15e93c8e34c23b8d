import type { Digest, Entry } from "../digest/index.ts";

/**
 * One system's account of what happened, as reconciliation reads it. Whoever can answer these questions can be
 * reconciled with anybody else; `local/testing` has the conformance suite for it.
 */
export interface LedgerSource {
  /** As reports name it. */
  readonly name: string;
  /**
   * Counts and sums up each window, in the order asked. What it answers for a window may change only when what it
   * answers by `entries` does: the two are held against each other.
   */
  digest(windows: readonly Window[]): Promise<readonly Digest[]>;
  /** The entries of one window, in any order, page by page: ask again with `cursor` while one is answered. */
  entries(window: Window, cursor?: string): Promise<EntryPage>;
  /**
   * What `entries` lists, told key by key: a page of it, as there. Asked instead of `entries` wherever it is there: who has
   * digests of keys at hand need not read entries to say which of them differ.
   */
  keys?(window: Window, cursor?: string): Promise<KeyPage>;
  /**
   * All entries of each key, in the order asked, read at their home: the table, the ledger or the object that is the
   * truth, however old the digests are. This is asked before anything is called a difference.
   *
   * `seenMs` tells for each key when an entry of it happened that somebody saw, on this side or the other: where a source
   * that is kept by time looks first. It is a hint: an entry may be elsewhere, and the answer is the same without it.
   */
  lookup(keys: readonly string[], seenMs?: readonly number[]): Promise<readonly (readonly Entry[])[]>;
  /**
   * For each of some keys that it does not hold and the other side does, in the order asked: why it may come yet (it waits in a
   * queue, somebody is at it), as people read it; `undefined`: it does not. Asked before anything is called missing; what is
   * on its way is compared again until it has come, or does not any more.
   * @default nothing is on its way but what has not settled
   */
  underWay?(keys: readonly string[], seenMs: readonly number[]): Promise<readonly (string | undefined)[]>;
  /**
   * Reads all that happened from `fromMs` to `toMs` once, and keeps digests of it, so that digests and lists cost little
   * from then on: they tell what was there now. What was sealed before for these spans is forgotten. Asked before spans
   * are compared; a source whose digests are always of the moment has no need of it.
   */
  seal?(time: { readonly fromMs: number; readonly toMs: number }): Promise<Sealing>;
}

/** What a sealing cost. */
export interface Sealing {
  readonly itemsRead: number;
}

export interface EntryPage {
  readonly entries: readonly Entry[];
  readonly cursor?: string | undefined;
}

/** A key of a window, and the digest of its entries there. One that lies in several spans may come once for each. */
export interface KeyDigest {
  readonly key: string;
  readonly digest: Digest;
  /** When one of its entries happened, or when that one's span begins. */
  readonly seenMs: number;
}

export interface KeyPage {
  readonly keys: readonly KeyDigest[];
  readonly cursor?: string | undefined;
}

/** A span of time and a range of buckets, both half-open. `bucketOf(key)` tells a key's bucket. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromBucket: number;
  readonly toBucket: number;
}
