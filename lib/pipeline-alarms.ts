import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import type { Consumer } from "./consumer.ts";

/** An alarm on each stage's dead letters: a run stands there until somebody redrives it. */
export function addStageAlarms(
  pipeline: string,
  consumers: readonly Consumer[],
  action: IAlarmAction | undefined,
): readonly Alarm[] {
  return consumers.map((consumer) => {
    const { name, bus, deadLetterQueue } = consumer;
    const alarm = new Alarm(consumer, "StuckAlarm", {
      alarmName: `${bus.name}-${name}-stuck`,
      alarmDescription: `Runs of ${pipeline} stand at ${name}, neither through nor undone: bus dlq show ${name} tells why, bus dlq redrive ${name} goes on`,
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (action) alarm.addAlarmAction(action);
    return alarm;
  });
}
