import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";

/** Whom a bus tells of delayed events that it could not publish. */
export interface DelayOptions {
  /**
   * Whether there is an alarm for what could not be passed on.
   * @default true: what lies there is published by nobody
   */
  readonly alarms?: boolean;

  /**
   * Whom the alarm tells.
   * @default nobody: it shows in CloudWatch
   */
  readonly alarmAction?: IAlarmAction;
}
