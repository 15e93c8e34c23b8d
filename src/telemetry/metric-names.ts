/** The namespace of every metric that Omnibus writes. */
export const metricNamespace = "Omnibus";

/**
 * Every metric, with its unit in CloudWatch's words. Consumers write `Handled`,
 * `Duplicate`, `Retried`, `DeadLettered`, `Parked` (where they park), `CriticalTimeMs` (from the event's time to its being handled) and
 * `HandlerMs`; the governor writes `HeldMs` (each minute, for how long a consumer is held); publishers write `Published` (taken by SNS) and `PublishFailed` (given up).
 *
 * Of the archive and the journal: `Archived` and `Journaled` (lines written), `ArchiveLagMs` and `JournalLagMs` (the oldest of
 * them: from its being published or completed to its being written), `SealedSpans`, `SealedLines`, `SealedDuplicates` (lines
 * that were told more than once), `SealFailed` (spans that could not be sealed), `SealLagMs` (how long the oldest span waits
 * that could be sealed).
 *
 * Each run of a reconciliation writes `ReconcileRuns`, what is open after it (`OpenDifferences`, also by class), what it has
 * found, resolved and repaired, the spans that are unknown, how long the oldest difference is open, and as 1 or 0 whether the
 * stated bound was held and whether repairs by themselves are stopped.
 *
 * An outbox's relay writes `OutboxSent`, `OutboxLagMs` (from a row's being written to its being published) and `OutboxBuried`
 * (rows put aside that can never be sent); each sweep `OutboxSweeps`, `OutboxSwept` (rows that it had to send), `OutboxOldestMs`
 * (how long the oldest row waits that is not out after it), `OutboxDead` (rows that lie aside), `OutboxParked` (keys that wait behind
 * a row that cannot be sent) and `OutboxGaps` (keys that wait for a sequence that is missing).
 */
export const metricUnits = {
  Handled: "Count",
  Duplicate: "Count",
  Retried: "Count",
  DeadLettered: "Count",
  Parked: "Count",
  CriticalTimeMs: "Milliseconds",
  HandlerMs: "Milliseconds",
  HeldMs: "Milliseconds",
  Published: "Count",
  PublishFailed: "Count",
  Archived: "Count",
  ArchiveLagMs: "Milliseconds",
  Journaled: "Count",
  JournalLagMs: "Milliseconds",
  SealedSpans: "Count",
  SealedLines: "Count",
  SealedDuplicates: "Count",
  SealFailed: "Count",
  SealLagMs: "Milliseconds",
  ReconcileRuns: "Count",
  OpenDifferences: "Count",
  DifferencesFound: "Count",
  DifferencesResolved: "Count",
  DifferencesRepaired: "Count",
  UnknownSpans: "Count",
  OldestOpenMs: "Milliseconds",
  BoundHeld: "None",
  RepairStopped: "None",
  OutboxSent: "Count",
  OutboxLagMs: "Milliseconds",
  OutboxBuried: "Count",
  OutboxSweeps: "Count",
  OutboxSwept: "Count",
  OutboxOldestMs: "Milliseconds",
  OutboxDead: "Count",
  OutboxParked: "Count",
  OutboxGaps: "Count",
} as const;

/** A metric's name. The union is closed: dashboards, alarms and `bus lag` rely on these and no others. */
export type MetricName = keyof typeof metricUnits;
