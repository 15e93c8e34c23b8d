import type { Delivery } from "./delivery.ts";
import type { Incoming } from "./incoming.ts";
import type { SqsRecord } from "./sqs-event.ts";

/** What of a batch belongs to groups that are parked, or will be: see `src/parking`. */
export interface ParkedGroups {
  /**
   * Reads the markers of the batch's groups, and where one is being released the head of its line. Answers what is to be
   * decoded: what came out of a line first, then what came by itself.
   */
  open(records: readonly SqsRecord[]): Promise<readonly Incoming[]>;
  /** Decides about what joins a line, or must come again since nothing is known; answers what is left of the batch. */
  admit(deliveries: readonly Delivery[]): readonly Delivery[];
  /** Puts groups in order whose deliveries are all decided: one dies at a time, the others wait behind it. */
  lineUp(): Promise<void>;
  /** Whether a dead one may be buried: not before its whole group is decided. */
  mayBury(delivery: Delivery): boolean;
  /** Writes what the batch has done to groups that are decided. What cannot be written comes again. */
  write(): Promise<void>;
  /** What was never written comes again: its group was not decided in time. */
  close(): void;
  /** Release messages that come again by themselves, and after how long. */
  readonly again: ReadonlyMap<SqsRecord, number>;
}

/** For a consumer that does not park: all goes its usual way. */
export const nobodyParks: ParkedGroups = {
  open: async (records) => records.map((record) => ({ record, carrier: record })),
  admit: (deliveries) => deliveries,
  lineUp: async () => {},
  mayBury: () => true,
  write: async () => {},
  close: () => {},
  again: new Map(),
};
