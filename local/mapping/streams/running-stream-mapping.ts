import type { Clock } from "../../../src/clock.ts";
import type { InvokePort } from "../ports.ts";
import type { MappingState } from "../running-mapping.ts";
import type { DiscardCondition } from "./discarded.ts";
import type { DestinationPort, PositionStore } from "./ports.ts";
import type { StreamMappingSpec } from "./stream-mapping-spec.ts";
import type { StreamPoller } from "./stream-poller.ts";

/** What can be changed while a mapping runs; what is `undefined` is taken away. */
export type StreamMappingChange = Partial<
  Omit<StreamMappingSpec, "uuid" | "streamArn" | "functionName" | "startingPosition">
>;

/** What a mapping has done. Counts of records, but for `invocations` and `throttled`, which count batches. */
export interface StreamMappingStats {
  /** Read from the stream; what a change of settings or a stop has left is counted again when it is read again. */
  readonly received: number;
  /** Passed over, because no filter takes them. */
  readonly filtered: number;
  readonly handled: number;
  /** Given up: too often tried, or too old. */
  readonly discarded: number;
  /** Batches that the function did not see, because it was at its concurrency. */
  readonly throttled: number;
  readonly invocations: number;
  /** Read, and not yet decided on. */
  readonly inFlight: number;
}

/** Something a mapping did. */
export type StreamMappingEvent =
  | {
      readonly type: "batch";
      readonly records: number;
      /** From the first failed record on, all come again. */
      readonly failed: number;
      readonly durationMs: number;
      readonly reason?: string;
    }
  | { readonly type: "throttled"; readonly records: number }
  | { readonly type: "discarded"; readonly records: number; readonly condition: DiscardCondition }
  /** The destination has not taken the description of discarded records. */
  | { readonly type: "destination-failed"; readonly records: number; readonly error: string }
  | { readonly type: "stream-failed"; readonly error: string };

/** A running event source mapping of a stream. Made by `startStreamMapping`. */
export interface StreamMapping {
  /** The spec as it is now, updates included. */
  readonly spec: StreamMappingSpec;
  state(): MappingState;
  /**
   * Changes settings. What is being retried begins anew from its first record; invocations that run finish. Throws
   * `SettingsError`.
   */
  update(change: StreamMappingChange): void;
  stats(): StreamMappingStats;
  /**
   * Whether all that the stream had at that time is decided on. One that is quiet is looked at once a second, and so is
   * caught up with that moment a second later. A mapping that is disabled has nothing to catch up with.
   */
  caughtUp(atMs: number): boolean;
  /** Settles when the invocations in progress have been answered. What they did not finish comes again next time. */
  stop(): Promise<void>;
}

/** What a mapping of a stream stands on. */
export interface StreamMappingPorts {
  /** The poller of the stream, shared with its other mappings. */
  readonly poller: StreamPoller;
  readonly functions: InvokePort;
  /** @default forgotten with the mapping */
  readonly positions?: PositionStore;
  /** @default discarded records are told to nobody */
  readonly destination?: DestinationPort;
  readonly clock?: Clock;
  readonly onEvent?: (event: StreamMappingEvent) => void;
}
