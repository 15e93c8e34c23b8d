import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { type MetricName, metricNamespace } from "../src/telemetry/index.ts";
import type { ReconcilerFacts } from "./guards/index.ts";
import type { ReconcilerQueues } from "./reconciler-queues.ts";

const { GREATER_THAN_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
const dayMinutes = 1_440;

/** The alarms of a reconciliation: what is open, for how long, what is unknown, whether it runs, what has died. */
export function addReconcilerAlarms(
  scope: Construct,
  { bus, job, every, settle, span }: Pick<ReconcilerFacts, "bus" | "job" | "every" | "settle" | "span">,
  { deadLetters, unscheduled }: Partial<ReconcilerQueues>,
  action: IAlarmAction | undefined,
): readonly Alarm[] {
  const title = `${bus}-${job}`;
  const everyMinutes = every.toMinutes();
  // A period has a day at most. (API_PutMetricAlarm)
  const period = Duration.minutes(Math.min(everyMinutes, dayMinutes));
  const metric = (metricName: MetricName, statistic: string) =>
    new Metric({
      namespace: metricNamespace,
      metricName,
      dimensionsMap: { Bus: bus, Job: job },
      statistic,
      period,
    });
  const alarm = (
    id: string,
    {
      of,
      threshold,
      says,
      comparisonOperator = GREATER_THAN_THRESHOLD,
      evaluationPeriods = 1,
      missing = TreatMissingData.IGNORE,
    }: {
      readonly of: IMetric;
      readonly threshold: number;
      readonly says: string;
      readonly comparisonOperator?: ComparisonOperator;
      readonly evaluationPeriods?: number;
      readonly missing?: TreatMissingData;
    },
  ) => {
    const made = new Alarm(scope, id, {
      alarmName: `${title}-${names[id]}`,
      alarmDescription: says,
      metric: of,
      threshold,
      comparisonOperator,
      evaluationPeriods,
      treatMissingData: missing,
    });
    if (action) made.addAlarmAction(action);
    return made;
  };
  const boundMs = settle.toMilliseconds() + span.toMilliseconds() + every.toMilliseconds();
  const dead = (queue: Queue) =>
    queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: Stats.MAXIMUM });
  return [
    alarm("OpenAlarm", {
      of: metric("OpenDifferences", Stats.MAXIMUM),
      threshold: 0,
      says: `Both sides of ${title} differ: bus reconcile status tells where`,
    }),
    alarm("OldestAlarm", {
      of: metric("OldestOpenMs", Stats.MAXIMUM),
      threshold: boundMs,
      says: `A difference of ${title} is open for longer than its bound (settle + span + every): nobody mends it`,
    }),
    alarm("UnknownAlarm", {
      of: metric("UnknownSpans", Stats.MAXIMUM),
      threshold: 0,
      says: `A side of ${title} could not be asked: bus reconcile status tells which`,
    }),
    alarm("NoRunAlarm", {
      of: metric("ReconcileRuns", Stats.SUM),
      threshold: 1,
      comparisonOperator: LESS_THAN_THRESHOLD,
      // A run may end a little later than the period in which it was due.
      evaluationPeriods: Math.ceil((2 * everyMinutes) / period.toMinutes()) + 1,
      missing: TreatMissingData.BREACHING,
      says: `No run of ${title} has ended for two intervals: look at its function's log and its schedule`,
    }),
    ...(deadLetters
      ? [
          alarm("DeadWindowsAlarm", {
            of: dead(deadLetters),
            threshold: 0,
            missing: TreatMissingData.NOT_BREACHING,
            says: `Parts of ${title} were begun over and over: look at its function's log`,
          }),
        ]
      : []),
    ...(unscheduled
      ? [
          alarm("UndeliveredAlarm", {
            of: dead(unscheduled),
            threshold: 0,
            missing: TreatMissingData.NOT_BREACHING,
            says: `Runs of ${title} could not be started, or failed: look at its function's log`,
          }),
        ]
      : []),
  ];
}

const names: Readonly<Record<string, string>> = {
  OpenAlarm: "open",
  OldestAlarm: "oldest",
  UnknownAlarm: "unknown",
  NoRunAlarm: "no-run",
  DeadWindowsAlarm: "windows-dead",
  UndeliveredAlarm: "undelivered",
};
