import type { Clock } from "../../src/clock.ts";
import type { MappingSpec } from "./mapping-spec.ts";
import type { InvokePort, QueuePort } from "./ports.ts";

/** AWS's words: `Disabling` while batches that were in progress finish. */
export type MappingState = "Enabled" | "Disabling" | "Disabled";

/** What can be changed while a mapping runs. `maximumConcurrency: undefined` takes the bound away. */
export type MappingChange = {
  readonly [Key in "enabled" | "batchSize" | "windowMs" | "maximumConcurrency"]?:
    | MappingSpec[Key]
    | undefined;
};

/** What a mapping has done. Counts of messages, but for `invocations` and `throttled`, which count batches. */
export interface MappingStats {
  readonly received: number;
  readonly deleted: number;
  /** Messages left in the queue because their batch, or they, failed; throttled ones included. */
  readonly failed: number;
  /** Batches that were put back because the function was at its concurrency: it never saw them. */
  readonly throttled: number;
  /** Batches that the function was given. */
  readonly invocations: number;
  /** Messages received and not yet decided on. */
  readonly inFlight: number;
}

/** Something a mapping did. */
export type MappingEvent =
  | {
      readonly type: "batch";
      readonly messages: number;
      readonly failed: number;
      readonly durationMs: number;
      readonly reason?: string;
    }
  | { readonly type: "throttled"; readonly messages: number }
  | { readonly type: "receive-failed"; readonly error: string; readonly retryMs: number }
  | { readonly type: "delete-failed"; readonly messages: number; readonly error: string };

/** A running event source mapping. Made by `startMapping`. */
export interface Mapping {
  /** The spec as it is now, updates included. */
  readonly spec: MappingSpec;
  state(): MappingState;
  /** Changes settings. Disabling stops polling at once; batches in progress finish. Throws `SettingsError`. */
  update(change: MappingChange): void;
  stats(): MappingStats;
  /** Aborts polls at once, and settles when the invocations in progress have been answered and their messages deleted. */
  stop(): Promise<void>;
}

/** What a mapping stands on. */
export interface MappingPorts {
  readonly queue: QueuePort;
  readonly functions: InvokePort;
  readonly clock?: Clock;
  readonly onEvent?: (event: MappingEvent) => void;
}
