import type { Clock } from "../../clock.ts";
import type { ReconcilerSettings } from "../../env.ts";
import type { ObjectStore } from "../../segments/index.ts";
import type { Sink } from "../../telemetry/index.ts";
import type { ReconcileJob } from "../job.ts";
import type { PartQueue } from "../parts.ts";
import type { Repairer } from "../repair/how.ts";
import type { RepairStore } from "../repair/repair-store.ts";
import type { ReconcileStore } from "../state.ts";

/** A deployed job: what it compares, how it repairs, and all that it needs of AWS. */
export interface JobParts {
  readonly settings: ReconcilerSettings;
  readonly job: ReconcileJob;
  readonly repairer: Repairer;
  readonly store: ReconcileStore;
  readonly repairs: RepairStore;
  /** Where large comparisons are handed out. @default none: all is compared here */
  readonly parts?: PartQueue | undefined;
  /** Where reports and plans are kept. */
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly sink: Sink;
  /** Whether its metrics are written together with those of others. */
  readonly isOneOfMany?: boolean;
  /** What the job itself has to say about a run, after it: a few sentences for its report. */
  readonly notes?: () => readonly string[];
}

/** A job whose large comparisons are handed out. */
export type PartedJob = JobParts & { readonly parts: PartQueue };
