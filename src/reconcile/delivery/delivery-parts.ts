import type { Clock } from "../../clock.ts";
import type { DeliverySettings } from "../../env.ts";
import type { LedgerReader } from "../../ledger/index.ts";
import type { ParkedStore } from "../../parking/index.ts";
import type { ObjectStore } from "../../segments/index.ts";
import type { Sink } from "../../telemetry/index.ts";
import type { RepairStore } from "../repair/repair-store.ts";
import type { SealedBook } from "../sealed/sealed-book.ts";
import type { ReconcileStore } from "../state.ts";
import type { BusSight, KnownConsumers, QueueSender } from "./ports.ts";

/** All that the reconciliation of delivery needs of AWS. */
export interface DeliveryParts {
  readonly settings: DeliverySettings;
  /** The bus's bucket: segments, reports, plans. */
  readonly objects: ObjectStore;
  readonly ledger: LedgerReader;
  /** Absent where no ordered group is ever parked. */
  readonly parked?: Pick<ParkedStore, "list"> | undefined;
  readonly sight: BusSight;
  readonly sender: QueueSender;
  readonly known: KnownConsumers;
  readonly store: ReconcileStore;
  readonly repairs: RepairStore;
  readonly clock: Clock;
  readonly sink: Sink;
}

/** Archive and journal, as they are sealed. */
export interface Books {
  readonly archive: SealedBook;
  readonly journal: SealedBook;
}
