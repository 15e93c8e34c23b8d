import type { Difference } from "./difference.ts";

/**
 * What reconciliation remembers between runs of one job. All writes are fenced: who has lost the lease changes nothing.
 *
 * A large comparison is handed out in parts. Each part is kept like a job of its own, with a lease and a progress under a
 * name of its own (`partName`); what it finds is written down among the differences of the job it belongs to.
 */
export interface ReconcileStore {
  /**
   * Takes the job's lease, when nobody else holds it, and answers what was remembered. A job is in one hand at a time,
   * however many are started.
   */
  begin(job: string, owner: string, leaseEndsMs: number): Promise<Begun>;
  /** Remembers how far it is, and keeps the lease until then. `false`: the lease is another's, nothing was written. */
  save(job: string, owner: string, progress: Progress, leaseEndsMs: number): Promise<boolean>;
  /**
   * Writes open differences down, by key: a known one keeps the time when it was first seen. `false`: as above. Each
   * difference is written whole or not; a call that died half-way is repeated by the next run. `holding` is the name whose
   * lease the owner has, where it is not the job's: one of its parts.
   */
  open(
    job: string,
    owner: string,
    differences: readonly OpenDifference[],
    holding?: string,
  ): Promise<boolean>;
  /** Forgets differences that are gone. `false`: as above. */
  close(job: string, owner: string, keys: readonly string[]): Promise<boolean>;
  /** The open differences, page by page, in any order that stays. */
  list(job: string, cursor?: string): Promise<OpenPage>;
  /** The open differences of these keys, in the order asked; `undefined` where none is open. */
  find(job: string, keys: readonly string[]): Promise<readonly (OpenDifference | undefined)[]>;
  /** What is remembered of jobs, in the order asked, whoever holds them. Sees every write that was answered before. */
  read(jobs: readonly string[]): Promise<readonly Remembered[]>;
  /** Forgets jobs that are over: their progress and lease, not their differences. */
  forget(jobs: readonly string[]): Promise<void>;
  /** Gives the lease back. */
  end(job: string, owner: string): Promise<void>;
}

export type Begun =
  | { readonly status: "ours"; readonly progress: Progress | undefined }
  | { readonly status: "held"; readonly untilMs: number };

export interface Remembered {
  readonly progress: Progress | undefined;
  /** When the lease ends of whoever has it; `undefined`: nobody. */
  readonly heldUntilMs: number | undefined;
}

/** How far a job has come. */
export interface Progress {
  readonly v: 1;
  /** Where the job began, when it ran first: for those whose beginning nobody has set. */
  readonly beganMs?: number | undefined;
  /** Everything before this was compared, but for `unknown`, `rest` and `underWay`. */
  readonly comparedToMs: number;
  /** Everything before this had its last look: its records expire, and it is never compared again. */
  readonly lastLookToMs: number;
  /** Spans that could not be compared: they are tried again, first. */
  readonly unknown: readonly Span[];
  /** Spans that were begun when time was over: gone on with like `unknown`, and nothing is wrong with them. */
  readonly rest?: readonly Span[] | undefined;
  /** Spans where something has not settled, not all of it: compared again until it has, as they were sealed. */
  readonly underWay?: readonly Span[] | undefined;
  /** Up to where it was looked for what has turned up late: what `turnedUp` is asked with. */
  readonly turnedUpTo?: string | undefined;
  /** How many spans are compared in one step, where that was too much or too little of late. */
  readonly stepSpans?: number | undefined;
  /** Where looking again at what is open goes on: a cursor of `list`. */
  readonly againFrom?: string | undefined;
  /** Parts that others are comparing. */
  readonly fanOut?: FanOut | undefined;
  /** When a run came to its end, last. */
  readonly ranMs?: number | undefined;
  /** Of a part. */
  readonly part?: PartProgress | undefined;
}

/** A comparison that was handed out. What it covers is compared when all of its parts are. */
export interface FanOut {
  /** Another one for each: a message of an older one is known by it. */
  readonly id: string;
  readonly parts: readonly Look[];
  /** When all messages were sent; `undefined`: perhaps not all. */
  readonly sentMs?: number | undefined;
}

/** What a part tells besides its progress. */
export interface PartProgress {
  readonly found: number;
  /** How often it was begun since it last came further. */
  readonly tries: number;
  /** Why spans of it are unknown; the first few. */
  readonly faults: readonly UnknownSpan[];
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * A span that is to be compared: for the first time, again as it was unknown, a last time before its records expire; or as
 * it was sealed, where something in it was settling.
 */
export interface Look extends Span {
  readonly kind: "first" | "again" | "last" | "settling";
}

/** A span that could not be compared, and whose fault that is. */
export interface UnknownSpan extends Span {
  readonly source: string;
  readonly message: string;
}

export interface OpenDifference {
  readonly difference: Difference;
  readonly firstSeenMs: number;
  /** When it was last written down as it is: one that does not change is written again after a day. */
  readonly lastSeenMs: number;
}

export interface OpenPage {
  readonly open: readonly OpenDifference[];
  readonly cursor?: string | undefined;
}
