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
  readonly parts: PartQueue;
  /** Where reports and plans are kept. */
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly sink: Sink;
}
