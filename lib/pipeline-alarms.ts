import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import type { Consumer } from "./consumer.ts";

const period = Duration.minutes(1);

/** An alarm on each stage's dead letters, and on what SNS could not hand to it: a run stands there until somebody redrives it. */
export function addStageAlarms(
  pipeline: string,
  consumers: readonly Consumer[],
  action: IAlarmAction | undefined,
): readonly Alarm[] {
  return consumers.map((consumer) => {
    const { name, bus, deadLetterQueue, undeliveredQueue } = consumer;
    const alarm = new Alarm(consumer, "StuckAlarm", {
      alarmName: `${bus.name}-${name}-stuck`,
      alarmDescription: `Runs of ${pipeline} stand at ${name}, neither through nor undone: bus dlq show ${name} tells why, bus dlq redrive ${name} goes on`,
      metric: new MathExpression({
        // A queue that was never used has no metric.
        expression: "FILL(dead, 0) + FILL(undelivered, 0)",
        usingMetrics: { dead: waitingIn(deadLetterQueue), undelivered: waitingIn(undeliveredQueue) },
        period,
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

function waitingIn(queue: IQueue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM });
}
