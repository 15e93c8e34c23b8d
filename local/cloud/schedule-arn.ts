import type { Schedule } from "../scheduler/index.ts";
import { localAccount } from "./local-account.ts";

/** The targets of EventBridge's rules are schedules too, in a group for each rule that the API does not show. */
const rules = "rule/";

/** The group that a rule's schedules are in. */
export function ruleGroup(ruleName: string): string {
  return `${rules}${ruleName}`;
}

/** Whether a schedule is a rule's. */
export function isOfRule({ group }: Pick<Schedule, "group">): boolean {
  return group.startsWith(rules);
}

/** The ARN of a schedule, or of the rule that it belongs to. */
export function scheduleArn({ group, name }: Pick<Schedule, "group" | "name">, region: string): string {
  return isOfRule({ group })
    ? `arn:aws:events:${region}:${localAccount}:${group}`
    : `arn:aws:scheduler:${region}:${localAccount}:schedule/${group}/${name}`;
}

/** The ARN of a group of schedules. */
export function scheduleGroupArn(name: string, region: string): string {
  return `arn:aws:scheduler:${region}:${localAccount}:schedule-group/${name}`;
}
