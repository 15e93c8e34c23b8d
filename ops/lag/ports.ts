import type { Hold } from "../../src/breaker/index.ts";
import type { QueueDepth } from "../queue-depth.ts";

/** What a cloud counts of one queue in a minute; SQS itself counts nothing over time. */
export interface QueueFlow {
  /** Messages that came and that were deleted, a second; `undefined` where nobody counts them. */
  readonly inPerSecond: number | undefined;
  readonly outPerSecond: number | undefined;
  /** How long the oldest message has waited. SQS leaves out those that were received three times and more. */
  readonly oldestSeconds: number | undefined;
}

/** Who reads a queue. */
export interface ReaderFacts {
  /** `Enabled`, `Disabled`, … of the mapping; `undefined` when there is none, or when it may not be looked at. */
  readonly mappingState: string | undefined;
  /** Set when no mapping could be found; not when these credentials may not look. */
  readonly isMissing: boolean;
  /** Events a second at most, where a schedule drains the queue; it has no mapping then. */
  readonly drainedPerSecond?: number | undefined;
  readonly reservedConcurrency: number | undefined;
  /** What holds the consumer, oldest first; none where it could not be read. */
  readonly holds: readonly Hold[];
  /** How the last poll went, in AWS's words. */
  readonly lastResult: string | undefined;
}

/** A consumer's queue at one moment. */
export interface LagLook {
  readonly atMs: number;
  readonly depth: QueueDepth;
  readonly reader: ReaderFacts;
  readonly flow: QueueFlow;
}

/** What lag is measured by. Nothing here changes anything, or receives a message. */
export interface LagReads {
  /** Throws the SDK's error when there is no such queue. */
  depth(queueName: string): Promise<QueueDepth>;
  reader(functionName: string): Promise<ReaderFacts>;
  /** The newest full minute of each queue, by name; a queue of which nothing is counted is left out. Never throws. */
  flows(queueNames: readonly string[]): Promise<ReadonlyMap<string, QueueFlow>>;
}
