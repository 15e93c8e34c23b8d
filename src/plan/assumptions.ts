/**
 * What no setting tells and every plan needs. None of it is promised by AWS; each is a round number on the careful side
 * of what is usual within a region. docs/plan.md lists them.
 */
export const assumed = {
  /** One call to DynamoDB from a function: a claim, a reservation, a completion. Milliseconds. */
  callMs: 8,
  /** What the mapping needs between two batches of one invocation's place: receive, invoke, delete. Milliseconds. */
  turnMs: 30,
  /**
   * How long after the answer the first start of a reservation is: it was asked for a little ahead, and starts are at whole
   * milliseconds. Milliseconds.
   */
  leadMs: 3,
  /** One event as a message. */
  eventBytes: 1_024,
  /** One event in the ledger, with what DynamoDB adds to every item. */
  ledgerItemBytes: 400,
  /** What an event leaves in the archive's raw object and in its sealed segment together, compressed. */
  archivedShare: 0.7,
  /** Lines in one object of the archive, and how often one is written at least. */
  archiveLines: 1_000,
  archiveEveryMs: 60_000,
  /** One log line of an event, with its part of the batch's line of metrics. */
  logBytes: 350,
  /** Custom metrics of one consumer. */
  metrics: 6,
  /** How much of a consumer's concurrency its everyday load may take, where nothing else is said. */
  usualLoad: 0.7,
} as const;
