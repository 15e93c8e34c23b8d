import type { DeliverySettings, JobSettings, ReconcilerSettings } from "../../src/env.ts";
import type {
  ReconcilerAnswer,
  ReconcilerRequest,
  ReconcileStore,
  RepairStore,
} from "../../src/reconcile/index.ts";
import type { ObjectStore } from "../../src/segments/index.ts";

/** What the verbs of reconciliation ask of a cloud. */
export interface JobCalls {
  /**
   * The settings of every reconciliation, as its stack has written them into its function; of that of delivery, one for each
   * consumer that it has come to know.
   */
  jobs(): Promise<readonly ReconcilerSettings[]>;
  /** The settings of every function that reconciles delivery. */
  deliveries(): Promise<readonly DeliverySettings[]>;
  /** Asks a job's function for something, and answers what it answers. Throws `JobError` where it fails. */
  ask(job: ReconcilerSettings, request: ReconcilerRequest): Promise<ReconcilerAnswer>;
  /** What is remembered of the jobs of a bus. */
  store(bus: string): ReconcileStore;
  repairs(bus: string): RepairStore;
  /** Where a job's reports and plans are kept. */
  objects(job: JobSettings & Pick<ReconcilerSettings, "bucket">): ObjectStore;
}
