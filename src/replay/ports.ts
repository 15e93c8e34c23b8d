import type { EntryBatch } from "./entry-batches.ts";
import type { ReplayJob } from "./replay-job.ts";

/** Where replays are remembered, so that any process can go on with one. */
export interface ReplayStore {
  /** Writes a new one. Throws where there is one of this id. */
  create(job: ReplayJob): Promise<void>;
  /**
   * Takes a replay until `leaseEndsMs`, when nobody else has it or their lease has ended; the same owner may take it again. Atomic:
   * of many who ask at once, one has it.
   */
  begin(id: string, owner: string, leaseEndsMs: number): Promise<BegunReplay>;
  /**
   * Writes how far it is, and keeps the lease. `lost`: another has it by now, or nobody. `cancelled`: somebody wants it to end. Nothing was
   * written in both cases.
   */
  save(job: ReplayJob, owner: string, leaseEndsMs: number): Promise<"saved" | "lost" | "cancelled">;
  /** Writes how it ended, and gives the lease back; nothing where it is another's by now. What was cancelled is `cancelled`. */
  end(job: ReplayJob, owner: string): Promise<void>;
  /** Has it end, whoever is at it. `false`: there is none of this id, or it is done. */
  cancel(id: string): Promise<boolean>;
  /** One of them; `undefined` where there is none of this id. */
  find(id: string): Promise<StoredReplay | undefined>;
  /** All that are remembered, the newest first. */
  list(): Promise<readonly StoredReplay[]>;
  /** The parts of a replay that a fleet runs: each is written, taken and ended as a replay is. */
  parts(id: string): ReplayStore;
}

export type BegunReplay =
  | { readonly status: "ours"; readonly job: ReplayJob }
  | { readonly status: "held"; readonly untilMs: number }
  | { readonly status: "cancelled" | "unknown" };

export interface StoredReplay {
  readonly job: ReplayJob;
  /** When the lease of whoever is at it ends; 0 where nobody is. */
  readonly heldUntilMs: number;
}

/** Puts messages into queues. */
export interface ReplayQueue {
  /**
   * Sends a batch; answers for which of its entries the queue would not. Throws when the call itself failed: then some may have been
   * sent.
   */
  send(queue: string, batch: EntryBatch): Promise<readonly RefusedEntry[]>;
}

export interface RefusedEntry {
  /** Its place in the batch, from 0. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
  /** Whether it may be taken when it is sent once more. */
  readonly retryable: boolean;
}
