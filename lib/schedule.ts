import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Aws, type Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/**
 * Calls a function again and again, by EventBridge Scheduler. The next call does what one that was not delivered would have
 * done: such a one is tried again for at most an hour, and then lies in `deadLetterQueue`. Without that queue it is let go
 * when the next one is due.
 */
export function addSchedule(
  scope: Construct,
  id: string,
  {
    name,
    every,
    target,
    deadLetterQueue,
    input = {},
  }: {
    readonly name: string;
    readonly every: Duration;
    readonly target: IFunction;
    readonly deadLetterQueue?: IQueue;
    /** What the function is called with. @default nothing in particular */
    readonly input?: object;
  },
): void {
  const role = new Role(scope, `${id}Role`, {
    // Of this account alone: another one's schedules must not come by this role. (confused-deputy)
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
    }),
  });
  const invoke = target.grantInvoke(role);
  const bury = deadLetterQueue?.grantSendMessages(role);
  const schedule = new CfnSchedule(scope, id, {
    name,
    scheduleExpression: rateOf(every),
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: target.functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify(input),
      ...(deadLetterQueue
        ? {
            deadLetterConfig: { arn: deadLetterQueue.queueArn },
            retryPolicy: { maximumEventAgeInSeconds: 3_600, maximumRetryAttempts: 10 },
          }
        : { retryPolicy: { maximumEventAgeInSeconds: every.toSeconds(), maximumRetryAttempts: 0 } }),
    },
  });
  for (const grant of [invoke, bury]) grant?.applyBefore(schedule);
}

/** Whole minutes are what a rate counts in. */
function rateOf(every: Duration): string {
  const minutes = every.toMinutes();
  return `rate(${minutes} minute${minutes === 1 ? "" : "s"})`;
}
