import type { Filters } from "../env.ts";

/** Which archived events a replay sends. Fields that are given must all hold; of several texts in one, any will do. */
export interface ReplaySelection {
  /** Effective times: from `fromMs` on, before `toMs`. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Offsets: from this one on, before that one; with `to`, what is not sealed is left out. */
  readonly from?: string;
  readonly to?: string;
  /** A text that ends in `*` stands for all that begin so. */
  readonly type?: readonly string[];
  readonly topic?: readonly string[];
  readonly source?: readonly string[];
  readonly subject?: readonly string[];
  /** What the consumer's subscriptions let through: filter policies by topic. */
  readonly filters?: Filters;
  /** Only events of a list: the object's key, and how many it names. */
  readonly list?: { readonly key: string; readonly events: number };
  /** Whether what is not sealed is looked at. @default where there is no `to` */
  readonly unsealed?: boolean;
  /** Only events whose keys of order are this share's, of so many. */
  readonly share?: Share;
}

/** One of `of` shares of all keys, from 0. */
export interface Share {
  readonly nth: number;
  readonly of: number;
}

/** How far a replay is: the place behind the last line that it is done with. */
export type ReplayCursor =
  /** The next line to be read, of a sealed segment. */
  | { readonly span: string; readonly segment: number; readonly line: number }
  /** Of a span that was not sealed: all up to this line, in the order that sealing keeps, are done with. */
  | { readonly span: string; readonly timeMs: number; readonly identity: string };

export interface ReplayCounts {
  /** Messages that the queue has taken. One that was sent before a crash, and again after it, counts twice. */
  readonly sent: number;
  /** Events that the consumer had done before: not sent. */
  readonly skipped: number;
  /** Messages that the queue would not take, ever. */
  readonly refused: number;
}

/**
 * One replay, or a part of one that a fleet runs: archived events to one consumer's queue. Version 1. Its JSON Schema is `schema/replay-job.schema.json`.
 */
export interface ReplayJob {
  readonly v: 1;
  /**
   * `20261127-071500-3f2a90`: when it was made, and chance; with `-shadow` behind it, where nothing shall come of its runs. In the ledger's keys
   * of a replay that runs events again. A part has its number behind it: `20261127-071500-3f2a90/0003`.
   */
  readonly id: string;
  /** Of a part: the replay that it belongs to. Its messages are that one's. */
  readonly of?: string;
  readonly bus: string;
  readonly consumer: string;
  /** The consumer's queue, and whether it is ordered. */
  readonly queue: string;
  readonly fifo: boolean;
  /** Whether events that are done run once more: under this replay's id. */
  readonly again: boolean;
  /** Whether events of one key are sent in the archive's order. */
  readonly ordered?: boolean;
  /** Set where a fleet runs it: how many functions at once, and in how many parts. They share `perSecond`. */
  readonly fleet?: { readonly members: number; readonly parts: number };
  readonly perSecond: number;
  readonly selection: ReplaySelection;
  /** How many were selected when it was made. */
  readonly selected: number;
  /** `running` with nobody at it: its process was killed. */
  readonly state: "running" | "stopped" | "done" | "cancelled";
  readonly cursor?: ReplayCursor;
  readonly counts: ReplayCounts;
  /** The first few things that went wrong. */
  readonly problems: readonly string[];
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Who made it, as the credentials say. */
  readonly by: string;
}
