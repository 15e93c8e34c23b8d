import { type MetricName, metricNamespace, metricUnits } from "./metric-names.ts";
import { type Sink, standardOutput } from "./sink.ts";

/** CloudWatch reads at most so many values of one metric from one line. (CloudWatch_Embedded_Metric_Format_Specification) */
const maxValues = 100;

/**
 * What a metric is about: a consumer of a bus, a topic that was published to, what is kept in segments, a job, or a class of
 * what a job has found.
 */
export type MetricDimensions =
  | { readonly Bus: string; readonly Consumer: string }
  | { readonly Bus: string; readonly Topic: string }
  | { readonly Bus: string; readonly Kind: "archive" | "journal" }
  | { readonly Bus: string; readonly Job: string }
  | { readonly Bus: string; readonly Job: string; readonly Class: string };

/** The values of one line. An array stands for one measurement each, a number for itself. */
export type MetricValues = Readonly<Partial<Record<MetricName, number | readonly number[]>>>;

/**
 * Writes metrics in CloudWatch's Embedded Metric Format: one JSON line. More than 100 values of one metric run on
 * into further lines, which repeat nothing, so that no measurement is lost and none counts twice. Values that are
 * no finite numbers are left out; without any value nothing is written.
 *
 * @example
 * emitMetrics({
 *   dimensions: { Bus: "shop", Consumer: "LockStock" },
 *   timeMs: clock.nowMs(),
 *   values: { Handled: 2, HandlerMs: [12, 15] },
 * });
 */
export function emitMetrics({
  dimensions,
  timeMs,
  values,
  sink = standardOutput,
}: {
  readonly dimensions: MetricDimensions;
  /** When it was measured, in milliseconds since the Unix epoch. */
  readonly timeMs: number;
  readonly values: MetricValues;
  readonly sink?: Sink;
}): void {
  const measured = Object.entries(values).flatMap(([name, value]) => {
    const finite = (typeof value === "number" ? [value] : value).filter(Number.isFinite);
    return finite.length === 0 ? [] : [{ name: name as MetricName, values: finite }];
  });
  for (let from = 0; ; from += maxValues) {
    const part = measured.filter((metric) => metric.values.length > from);
    if (part.length === 0) return;
    const line: Record<string, unknown> = {
      _aws: {
        Timestamp: timeMs,
        CloudWatchMetrics: [
          {
            Namespace: metricNamespace,
            Dimensions: [Object.keys(dimensions)],
            Metrics: part.map(({ name }) => ({ Name: name, Unit: metricUnits[name] })),
          },
        ],
      },
      ...dimensions,
    };
    for (const { name, values: all } of part) {
      const few = all.slice(from, from + maxValues);
      line[name] = few.length === 1 ? few[0] : few;
    }
    sink(JSON.stringify(line));
  }
}
