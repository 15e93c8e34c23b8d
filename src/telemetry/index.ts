export { emitMetrics, type MetricDimensions, type MetricValues } from "./emit-metrics.ts";
export { type LogFields, type LogLevel, logLine } from "./log-line.ts";
export { type MetricName, metricNamespace, metricUnits } from "./metric-names.ts";
export { type Sink, standardOutput } from "./sink.ts";
