import type { Difference } from "./difference.ts";

/**
 * What reconciliation remembers between runs of one job. All writes are fenced: who has lost the lease changes nothing.
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
   * difference is written whole or not; a call that died half-way is repeated by the next run.
   */
  open(job: string, owner: string, differences: readonly OpenDifference[]): Promise<boolean>;
  /** Forgets differences that are gone. `false`: as above. */
  close(job: string, owner: string, keys: readonly string[]): Promise<boolean>;
  /** The open differences, page by page, in any order that stays. */
  list(job: string, cursor?: string): Promise<OpenPage>;
  /** Gives the lease back. */
  end(job: string, owner: string): Promise<void>;
}

export type Begun =
  | { readonly status: "ours"; readonly progress: Progress | undefined }
  | { readonly status: "held"; readonly untilMs: number };

/** How far a job has come. */
export interface Progress {
  readonly v: 1;
  /** Everything before this was compared, but for `unknown`. */
  readonly comparedToMs: number;
  /** Everything before this had its last look: its records expire, and it is never compared again. */
  readonly lastLookToMs: number;
  /** Spans that could not be compared: they are tried again, first. */
  readonly unknown: readonly Span[];
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface OpenDifference {
  readonly difference: Difference;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}

export interface OpenPage {
  readonly open: readonly OpenDifference[];
  readonly cursor?: string | undefined;
}
