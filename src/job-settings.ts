/**
 * What every function knows that comes with a bus or does a job for it: one versioned JSON value in the variable
 * `OMNIBUS_JOB`. Each kind of job adds its own fields. Durations in milliseconds.
 */
export interface JobSettings {
  /** Format of this value. Readers refuse a version they do not know. */
  readonly v: 1;
  readonly bus: string;
  /** Where the bus is: its archive's bucket has both in its name. */
  readonly account: string;
  readonly region: string;
}

/** What archiver, journaler and sealer agree about. */
export interface ArchiveSettings extends JobSettings {
  /** How much time is closed at once. */
  readonly spanMs: number;
  /** How long after its end a span is closed: whoever began to write in it has finished by then. */
  readonly graceMs: number;
  /** How long raw objects are kept after they were sealed. */
  readonly rawKeepMs: number;
}

/** What a delayer runs by. */
export interface DelayerSettings extends JobSettings {
  /** As whom EventBridge Scheduler sends to the delay queue. */
  readonly roleArn: string;
}

/** What a relay runs by. */
export interface RelaySettings extends JobSettings {
  /** The table of the outbox, its two keys, and what the partition keys of the outbox's items begin with. */
  readonly table: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly prefix: string;
  /** What waits for longer than this is swept. */
  readonly graceMs: number;
  /** The topics' `MaximumMessageSize`. @default 256 KiB, as AWS has it */
  readonly maxBytes?: number;
}

/** What a deployed reconciliation runs by. */
export interface ReconcilerSettings extends JobSettings {
  readonly does: "reconcile";
  /** The construct's id: progress, differences and reports are kept under it. */
  readonly job: string;
  readonly everyMs: number;
  readonly settleMs: number;
  readonly spanMs: number;
  /** Nothing before this is compared: milliseconds since the epoch. @default when it runs for the first time */
  readonly beginMs?: number;
  /** How long both sides keep their records. @default forever */
  readonly keepMs?: number;
  readonly lateAfterMs?: number;
  /** What may be repaired though nobody has approved of it. @default nothing */
  readonly auto?: {
    readonly classes: readonly DifferenceClass[];
    readonly atMost: { readonly differences: number; readonly amount?: number };
  };
  /** How long one repair may take. */
  readonly callMs?: number;
  /** Where reports and plans are kept. @default the archive's bucket */
  readonly bucket?: string;
}

/**
 * What the reconciliation of delivery runs by: of what was published with what each consumer has handled. One function does it
 * for all consumers of a bus.
 */
export interface DeliverySettings extends JobSettings {
  readonly does: "deliver";
  readonly topics: readonly string[];
  readonly everyMs: number;
  /** How much time the archive closes at once, and how long after its end. */
  readonly spanMs: number;
  readonly graceMs: number;
  /** How long the archive is kept. @default forever */
  readonly retentionMs?: number;
  /** What is younger is under way. @default an hour more than each consumer's retries survive */
  readonly settleMs?: number;
  /** How long before and after a change of filters it cannot be told which ones were in force. */
  readonly greyMs: number;
  /** Events sent again in a second. */
  readonly sendPerSecond: number;
  /** Whether ordered groups may wait in the table of parked groups. */
  readonly parks: boolean;
  /** As in `ReconcilerSettings`, for each consumer. */
  readonly auto?: ReconcilerSettings["auto"];
}

/** Every `DifferenceClass`. */
export const differenceClasses = ["missing-left", "missing-right", "mismatch", "duplicate", "late"] as const;

/**
 * What may be wrong about one key.
 * - `missing-left`, `missing-right`: only the other side has it.
 * - `mismatch`: both have it, and `fields` differ.
 * - `duplicate`: one side has it more often than the other.
 * - `late`: equal, but further apart in time than is allowed.
 */
export type DifferenceClass = (typeof differenceClasses)[number];
