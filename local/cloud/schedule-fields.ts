import { SettingsError } from "../../src/errors.ts";
import { defaultGroup, type KeptSchedule, type Schedule } from "../scheduler/index.ts";
import { isRecord } from "./assembly/template.ts";

type Fields = Readonly<Record<string, unknown>>;

const textOf = (value: unknown) => (value === undefined || value === null ? undefined : String(value));
const numberOf = (value: unknown) => (value === undefined ? undefined : Number(value));
const recordOf = (value: unknown): Fields => (isRecord(value) ? value : {});

/**
 * A schedule out of the fields of the API or of a template: they differ in how they write dates, in seconds or as text.
 * Throws `SettingsError` for what is missing. (API_CreateSchedule)
 */
export function scheduleOf(name: string, fields: Fields): Schedule {
  const target = recordOf(fields.Target);
  const { Mode, MaximumWindowInMinutes } = recordOf(fields.FlexibleTimeWindow);
  for (const needed of ["ScheduleExpression", "Target", "FlexibleTimeWindow"]) {
    if (fields[needed] === undefined) {
      throw new SettingsError("schedule", `schedule ${JSON.stringify(name)} has no ${needed}`);
    }
  }
  return {
    name,
    group: textOf(fields.GroupName) ?? defaultGroup,
    expression: String(fields.ScheduleExpression),
    timezone: textOf(fields.ScheduleExpressionTimezone) ?? "UTC",
    startMs: dateOf(fields.StartDate),
    endMs: dateOf(fields.EndDate),
    enabled: fields.State !== "DISABLED",
    deleteAfterCompletion: fields.ActionAfterCompletion === "DELETE",
    description: textOf(fields.Description),
    flexibleWindowMinutes: Mode === "FLEXIBLE" ? numberOf(MaximumWindowInMinutes) : undefined,
    target: {
      arn: String(target.Arn),
      roleArn: textOf(target.RoleArn),
      input: textOf(target.Input),
      messageGroupId: textOf(recordOf(target.SqsParameters).MessageGroupId),
      ...policyOf(target),
    },
  };
}

/** The retry policy and the dead-letter queue of a target, of Scheduler's or of a rule's. */
export function policyOf(
  target: Fields,
): Pick<Schedule["target"], "maximumRetryAttempts" | "maximumEventAgeMs" | "deadLetterArn"> {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds: ageSeconds } = recordOf(target.RetryPolicy);
  return {
    maximumRetryAttempts: numberOf(MaximumRetryAttempts),
    maximumEventAgeMs: ageSeconds === undefined ? undefined : Number(ageSeconds) * 1_000,
    deadLetterArn: textOf(recordOf(target.DeadLetterConfig).Arn),
  };
}

/** A schedule as `GetSchedule` describes it. */
export function fieldsOf({ schedule, createdMs, modifiedMs }: KeptSchedule, arn: string): Fields {
  const { target, flexibleWindowMinutes: window } = schedule;
  const { maximumRetryAttempts: retries, maximumEventAgeMs: ageMs, deadLetterArn } = target;
  return {
    Arn: arn,
    Name: schedule.name,
    GroupName: schedule.group,
    Description: schedule.description,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timezone,
    StartDate: secondsOf(schedule.startMs),
    EndDate: secondsOf(schedule.endMs),
    State: schedule.enabled ? "ENABLED" : "DISABLED",
    ActionAfterCompletion: schedule.deleteAfterCompletion ? "DELETE" : "NONE",
    FlexibleTimeWindow:
      window === undefined ? { Mode: "OFF" } : { Mode: "FLEXIBLE", MaximumWindowInMinutes: window },
    CreationDate: secondsOf(createdMs),
    LastModificationDate: secondsOf(modifiedMs),
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      Input: target.input,
      ...(target.messageGroupId === undefined
        ? {}
        : { SqsParameters: { MessageGroupId: target.messageGroupId } }),
      RetryPolicy: {
        MaximumRetryAttempts: retries ?? 185,
        MaximumEventAgeInSeconds: ageMs === undefined ? 86_400 : ageMs / 1_000,
      },
      ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: deadLetterArn } }),
    },
  };
}

/** The API writes dates in seconds. */
export function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}

function dateOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const ms = typeof value === "number" ? value * 1_000 : Date.parse(String(value));
  if (Number.isFinite(ms)) return ms;
  throw new SettingsError("schedule", `${JSON.stringify(value)} is no date`);
}
