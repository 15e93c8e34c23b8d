import type { DifferenceClass } from "../difference.ts";
import type { ReconcileReport } from "../job.ts";
import type { How } from "../repair/how.ts";
import type { ItemOutcome } from "../repair/item-outcome.ts";
import type { AuditEntry } from "../repair/repair-store.ts";
import type { OpenDifference } from "../state.ts";

/** What one run of a deployed job did, and how the job stands. `schema/reconcile-report.schema.json` describes it. */
export interface JobReport {
  readonly v: 1;
  readonly bus: string;
  readonly job: string;
  readonly at: string;
  readonly tookMs: number;
  /** What the two sides are called. */
  readonly left: string;
  readonly right: string;
  readonly everyMs: number;
  readonly settleMs: number;
  readonly spanMs: number;
  readonly verdict: Exclude<ReconcileReport["verdict"], "held">;
  /** What was compared for the first time. */
  readonly compared?: ReportSpan;
  /** Everything before this was compared and is known. */
  readonly knownTo: string;
  readonly found: number;
  readonly resolved: number;
  /** By this run, by itself. */
  readonly repaired: number;
  /** Whether something that has settled was not come to, and how many parts of it are done. */
  readonly unfinished: boolean;
  readonly parts?: { readonly done: number; readonly of: number };
  readonly open: ReportOpen;
  /** What could not be compared, and whose fault that is; the first few. */
  readonly unknown: readonly ReportUnknown[];
  readonly unknownSpans: number;
  /** What the job itself has to say about this run. */
  readonly notes?: readonly string[];
  readonly bound: ReportBound;
  readonly repair: ReportRepair;
  /** What was repaired, the newest first; the last few. */
  readonly audit: readonly AuditEntry[];
  /** The runs before, and this one: the oldest first. */
  readonly history: readonly PastRun[];
}

export interface ReportSpan {
  readonly from: string;
  readonly to: string;
}

export interface ReportUnknown extends ReportSpan {
  readonly source: string;
  readonly message: string;
}

/** What is open. */
export interface ReportOpen {
  readonly differences: number;
  /** In the job's own units, of those whose amounts are known. */
  readonly amount?: number;
  readonly classes: Readonly<Partial<Record<DifferenceClass, number>>>;
  /** When the oldest was first seen. */
  readonly oldest?: string;
  /** The oldest ones, as they were last seen, and what can be done about each. */
  readonly some: readonly (OpenDifference & { readonly how: How })[];
}

/** Whether a difference is reported within the time that is promised. */
export interface ReportBound {
  /** settle + span + interval. */
  readonly boundMs: number;
  readonly held: boolean;
  /** How old the newest is that is known. */
  readonly behindMs: number;
}

/** What was done by itself; `off`: nothing may be. */
export interface ReportRepair {
  readonly status: "off" | "nothing" | "applied" | "over" | "stopped" | "left";
  readonly message?: string;
  readonly counts?: Readonly<Partial<Record<ItemOutcome, number>>>;
}

/** One run, in short. */
export interface PastRun {
  readonly at: string;
  readonly verdict: JobReport["verdict"];
  readonly open: Readonly<Partial<Record<DifferenceClass, number>>>;
  readonly oldest?: string;
  readonly found: number;
  readonly resolved: number;
  readonly repaired: number;
  readonly unknownSpans: number;
  readonly boundHeld: boolean;
  readonly tookMs: number;
}
