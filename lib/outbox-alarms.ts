import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { outboxAlarmName, outboxPatienceMs } from "../src/names.ts";
import { type MetricName, metricNamespace } from "../src/telemetry/index.ts";

/** The alarms of an outbox: what waits for too long, what can never be sent, keys that stand, whether it is swept. */
export function addOutboxAlarms(
  scope: Construct,
  { bus, grace }: { readonly bus: string; readonly grace: Duration },
  action: IAlarmAction | undefined,
): readonly Alarm[] {
  const metric = (metricName: MetricName, statistic: string) =>
    new Metric({
      namespace: metricNamespace,
      metricName,
      dimensionsMap: { Bus: bus, Job: "relay" },
      statistic,
      period: Duration.minutes(5),
    });
  const alarms = [
    new Alarm(scope, "OldestAlarm", {
      alarmName: outboxAlarmName(bus, "oldest"),
      alarmDescription: `An event waits in the outbox of ${bus}: bus outbox list, and the log of ${bus}-relay`,
      metric: metric("OutboxOldestMs", Stats.MAXIMUM),
      threshold: grace.toMilliseconds() + outboxPatienceMs,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.IGNORE,
    }),
    new Alarm(scope, "DeadAlarm", {
      alarmName: outboxAlarmName(bus, "dead"),
      alarmDescription: `Rows in the outbox of ${bus} can never be sent as they are: bus outbox list`,
      metric: metric("OutboxDead", Stats.MAXIMUM),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.IGNORE,
    }),
    new Alarm(scope, "ParkedAlarm", {
      alarmName: outboxAlarmName(bus, "parked"),
      alarmDescription: `Keys in the outbox of ${bus} wait behind an event that cannot be sent: bus outbox list`,
      metric: metric("OutboxParked", Stats.MAXIMUM),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.IGNORE,
    }),
    new Alarm(scope, "GapsAlarm", {
      alarmName: outboxAlarmName(bus, "gaps"),
      alarmDescription: `Keys in the outbox of ${bus} wait for a sequence that is missing: bus outbox list`,
      metric: metric("OutboxGaps", Stats.MAXIMUM),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.IGNORE,
    }),
    new Alarm(scope, "NoSweepAlarm", {
      alarmName: outboxAlarmName(bus, "no-sweep"),
      alarmDescription: `Nothing has swept the outbox of ${bus} for ten minutes: look at the log of ${bus}-relay and its schedule`,
      metric: metric("OutboxSweeps", Stats.SUM),
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    }),
  ];
  if (action) for (const alarm of alarms) alarm.addAlarmAction(action);
  return alarms;
}
