/**
 * How a run of a drainer ended. `empty`: the queue showed nothing more. `limit`: the next start is a later run's. `time`: its
 * invocation ends. `held`: something holds the consumer. `busy`: another run is at work.
 */
export type DrainEnd = "empty" | "limit" | "time" | "held" | "busy";

/** What one run has done: its function's answer. */
export interface DrainReport {
  /** Messages that it has taken from the queue. */
  readonly received: number;
  readonly end: DrainEnd;
}
