import { scheduleArn, scheduleGroupArn } from "../schedule-arn.ts";
import { scheduleOf } from "../schedule-fields.ts";
import { describeTarget, isScheduleTarget } from "../schedule-targets.ts";
import { applied, optionalText, type ResourceType } from "./resource-type.ts";

/** AWS::Scheduler::Schedule. `Ref` is the name. */
export const schedulerSchedule: ResourceType = {
  type: "AWS::Scheduler::Schedule",
  properties: {
    Name: applied,
    GroupName: applied,
    Description: applied,
    ScheduleExpression: applied,
    ScheduleExpressionTimezone: applied,
    StartDate: applied,
    EndDate: applied,
    State: applied,
    ActionAfterCompletion: applied,
    FlexibleTimeWindow: applied,
    Target: applied,
    KmsKeyArn: "nothing is encrypted on this machine",
  },
  canUpdate: (before, after) => before.Name === after.Name && before.GroupName === after.GroupName,
  async place({ properties, defaultName, platform, unsupported }) {
    const schedule = scheduleOf(optionalText(properties.Name) ?? defaultName.slice(-64), properties);
    const { arn } = schedule.target;
    if (isScheduleTarget(arn)) platform.scheduler.put(schedule, { isFromTemplate: true });
    else unsupported(describeTarget(arn));
    return {
      physicalId: schedule.name,
      attributes: { Arn: scheduleArn(schedule, platform.region), group: schedule.group },
    };
  },
  async remove({ physicalId, attributes }, { scheduler }) {
    scheduler.remove(String(attributes.group), physicalId);
  },
};

/** AWS::Scheduler::ScheduleGroup. `Ref` is the name. */
export const schedulerScheduleGroup: ResourceType = {
  type: "AWS::Scheduler::ScheduleGroup",
  properties: { Name: applied, Tags: "nothing reads them here" },
  async place({ properties, defaultName, platform }) {
    const name = optionalText(properties.Name) ?? defaultName.slice(-64);
    platform.scheduler.putGroup(name);
    return { physicalId: name, attributes: { Arn: scheduleGroupArn(name, platform.region) } };
  },
  async remove({ physicalId }, { scheduler }) {
    scheduler.removeGroup(physicalId);
  },
};
