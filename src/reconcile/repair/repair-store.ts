import type { Difference, DifferenceClass } from "../difference.ts";
import type { How } from "./how.ts";

/** What is remembered of repairs: who repairs which key now, how often it was tried, and all that was ever done. */
export interface RepairStore {
  /** The markers of some keys, in the order asked; `undefined` where there is none. Sees every write answered before. */
  markers(job: string, keys: readonly string[]): Promise<readonly (Marked | undefined)[]>;
  /**
   * Writes a marker where nobody has written it since it was read: `revision` is that of what was read, 0 where there was
   * none. With it, both or neither, what was done. `false`: somebody has, nothing was written. Of many who write at once,
   * one does.
   */
  mark(job: string, key: string, marker: Marker, revision: number, entry?: AuditEntry): Promise<boolean>;
  /** The keys whose repair is begun and not ended, whether whoever is at it lives or not; a hundred at most. */
  begun(job: string): Promise<readonly string[]>;
  /** What was done, the newest first, page by page. */
  audit(job: string, options?: { readonly cursor?: string; readonly limit?: number }): Promise<AuditPage>;
  /** Whether repairs go on by themselves. */
  state(job: string): Promise<RepairState>;
  /** No repair goes on by itself from now on, until `resume`. Stopped already, it stays as it was. */
  stop(job: string, stopped: Stopped): Promise<void>;
  /** Repairs may go on by themselves again; what was tried before counts no more. */
  resume(job: string, resumed: { readonly atMs: number; readonly by: string }): Promise<void>;
}

/** The state of one key's repair. */
export interface Marker {
  /** `begun`: somebody is at it, until `endsMs`; later, they have died. */
  readonly state: "begun" | "ended";
  readonly endsMs: number;
  /** What the difference said, when it was first seen to differ, and which plan it was repaired by. */
  readonly content: string;
  readonly firstSeenMs: number;
  readonly plan: string;
  /** When it was begun, last. */
  readonly begunMs: number;
  /** Repairs of this difference that were begun, and those that came to an end without an error. */
  readonly begun: number;
  readonly tries: number;
  /** What it is to say about the one that was begun, should whoever is at it die. */
  readonly by: string;
  readonly how: How;
  readonly before: Difference;
  /** How the last one ended. */
  readonly outcome?: RepairOutcome | undefined;
}

export interface Marked {
  readonly marker: Marker;
  readonly revision: number;
}

/**
 * How a repair ended.
 * - `repaired`: looked up afterwards, the difference is gone.
 * - `sent`: events are on their way; a later look tells.
 * - `unchanged`: it claims to have been done, and the difference is the same, or another one.
 * - `failed`: it threw, or did not end in time.
 * - `unseen`: it was done, and a side could not be asked afterwards.
 */
export type RepairOutcome = "repaired" | "sent" | "unchanged" | "failed" | "unseen";

/** One thing that was done: who, when, what was there before and after. */
export type AuditEntry =
  | {
      readonly what: "repair";
      readonly at: string;
      /** `schedule`, or an IAM identity. */
      readonly by: string;
      readonly plan: string;
      readonly key: string;
      readonly class: DifferenceClass;
      readonly how: How;
      readonly outcome: RepairOutcome;
      readonly before: Difference;
      /** What the look-up said afterwards: `null` where nothing differs any more, absent where it could not be asked. */
      readonly after?: Difference | null;
      readonly message?: string;
    }
  | {
      readonly what: "stopped" | "resumed";
      readonly at: string;
      readonly by: string;
      readonly message: string;
    };

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly cursor?: string | undefined;
}

export interface RepairState {
  /** Why no repair goes on by itself; `undefined`: it does. */
  readonly stopped: Stopped | undefined;
  /** When a person has let them go on, last. */
  readonly resumedMs: number | undefined;
}

export interface Stopped {
  readonly atMs: number;
  readonly key: string;
  readonly message: string;
}
