/** The namespace of every metric that Omnibus writes. */
export const metricNamespace = "Omnibus";

/**
 * Every metric, with its unit in CloudWatch's words. Consumers write `Handled`,
 * `Duplicate`, `Retried`, `DeadLettered`, `Parked` (where they park), `CriticalTimeMs` (from the event's time to its being handled) and
 * `HandlerMs`; publishers write `Published` (taken by SNS) and `PublishFailed` (given up).
 */
export const metricUnits = {
  Handled: "Count",
  Duplicate: "Count",
  Retried: "Count",
  DeadLettered: "Count",
  Parked: "Count",
  CriticalTimeMs: "Milliseconds",
  HandlerMs: "Milliseconds",
  Published: "Count",
  PublishFailed: "Count",
} as const;

/** A metric's name. The union is closed: dashboards, alarms and `bus lag` rely on these and no others. */
export type MetricName = keyof typeof metricUnits;
