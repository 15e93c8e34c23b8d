import { SettingsError } from "../../src/errors.ts";
import { scheduler as limits } from "../../src/limits-of-aws.ts";
import { parseExpression } from "./expression.ts";
import { localTimeOf } from "./time-zone.ts";

/** What a schedule invokes. */
export interface ScheduleTarget {
  /** A function's, queue's or topic's, or one of the universal ones: `arn:aws:scheduler:::aws-sdk:sns:publish`. */
  readonly arn: string;
  readonly roleArn?: string | undefined;
  /** What the target gets. @default a description of the schedule's run */
  readonly input?: string | undefined;
  /** For an ordered queue. */
  readonly messageGroupId?: string | undefined;
  /** @default 185, AWS's own */
  readonly maximumRetryAttempts?: number | undefined;
  /** How long a run is tried. @default a day, AWS's own */
  readonly maximumEventAgeMs?: number | undefined;
  /** The queue for runs that the target did not take. */
  readonly deadLetterArn?: string | undefined;
}

/** A schedule, as a template or the API makes it. (API_CreateSchedule) */
export interface Schedule {
  readonly name: string;
  readonly group: string;
  /** `at(…)`, `rate(…)` or `cron(…)`. */
  readonly expression: string;
  readonly timezone: string;
  /** It runs from here on. */
  readonly startMs?: number | undefined;
  /** And no later than this. */
  readonly endMs?: number | undefined;
  readonly enabled: boolean;
  /** Whether it goes once it runs no more. */
  readonly deleteAfterCompletion: boolean;
  readonly description?: string | undefined;
  /** Told, and taken as none: all runs are on time here. */
  readonly flexibleWindowMinutes?: number | undefined;
  readonly target: ScheduleTarget;
}

/** The group of schedules that name none. */
export const defaultGroup = "default";

/** Throws `SettingsError` for a schedule that Scheduler would refuse. */
export function checkSchedule(schedule: Schedule): Schedule {
  const { name, startMs, endMs, timezone, target } = schedule;
  const refuse = (what: string): never => {
    throw new SettingsError("schedule", `schedule ${JSON.stringify(name)} has ${what}`);
  };
  const check = (what: string, value: number | undefined, min: number, max: number) => {
    if (value !== undefined && !(value >= min && value <= max))
      refuse(`${what} ${value}: ${min} to ${max} is allowed`);
  };
  if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(name))
    refuse("a name that is none: 1 to 64 of 0-9 a-z A-Z - _ . are allowed");
  parseExpression(schedule.expression);
  localTimeOf(0, timezone);
  check("MaximumRetryAttempts", target.maximumRetryAttempts, 0, limits.maxRetryAttempts);
  check(
    "MaximumEventAgeInSeconds × 1000",
    target.maximumEventAgeMs,
    limits.minEventAgeMs,
    limits.maxEventAgeMs,
  );
  if (startMs !== undefined && endMs !== undefined && endMs <= startMs)
    refuse("an EndDate before its StartDate");
  if (!target.arn.startsWith("arn:")) refuse(`the target ${JSON.stringify(target.arn)}: an ARN is needed`);
  return schedule;
}
