import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** An alarm on delayed events that could not be passed on: none of them is published by itself any more. */
export function addDelayAlarm(
  scope: Construct,
  { bus, deadLetters }: { readonly bus: string; readonly deadLetters: IQueue },
  action: IAlarmAction | undefined,
): Alarm {
  const alarm = new Alarm(scope, "DeadAlarm", {
    alarmName: `${bus}-delayed-dead`,
    alarmDescription: `Delayed events of ${bus} could not be passed on: read the log of ${bus}-delayer, then redrive ${bus}-delayed-dead in SQS`,
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: Stats.MAXIMUM,
    }),
    threshold: 0,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  if (action) alarm.addAlarmAction(action);
  return alarm;
}
