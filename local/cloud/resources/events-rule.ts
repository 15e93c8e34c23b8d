import { isRecord } from "../assembly/template.ts";
import { ruleGroup, scheduleArn } from "../schedule-arn.ts";
import { policyOf } from "../schedule-fields.ts";
import { describeTarget, isScheduleTarget } from "../schedule-targets.ts";
import { applied, optionalText, type PlaceRequest, type ResourceType } from "./resource-type.ts";

/** AWS::Events::Rule with a schedule; there are no event buses here. `Ref` is the name. */
export const eventsRule: ResourceType = {
  type: "AWS::Events::Rule",
  properties: {
    Name: applied,
    ScheduleExpression: applied,
    State: applied,
    Targets: applied,
    EventPattern: applied,
    Description: "nothing reads it here",
    EventBusName: "there are no event buses here",
    RoleArn: "permissions are not checked here",
    Tags: "nothing reads them here",
  },
  canUpdate: (before, after) => before.Name === after.Name,
  async place(request) {
    const { properties, defaultName, platform, unsupported } = request;
    const name = optionalText(properties.Name) ?? defaultName.slice(-64);
    const group = ruleGroup(name);
    platform.scheduler.removeGroup(group);
    if (properties.EventPattern !== undefined) {
      unsupported("EventPattern: there are no event buses here, rules with a schedule run");
    }
    if (properties.ScheduleExpression !== undefined) placeTargets(request, group);
    return {
      physicalId: name,
      attributes: { Arn: scheduleArn({ group, name }, platform.region) },
    };
  },
  async remove({ physicalId }, { scheduler }) {
    scheduler.removeGroup(ruleGroup(physicalId));
  },
};

/** Each target is a schedule of its own. A rule's rate runs first after its first period, unlike a schedule's. */
function placeTargets({ properties, platform, unsupported }: PlaceRequest, group: string): void {
  for (const target of (Array.isArray(properties.Targets) ? properties.Targets : []).filter(isRecord)) {
    const arn = String(target.Arn);
    if (!isScheduleTarget(arn)) {
      unsupported(describeTarget(arn));
      continue;
    }
    for (const name of ["InputPath", "InputTransformer"]) {
      if (target[name] !== undefined)
        unsupported(`${name} of target ${String(target.Id)}: it gets the whole event`);
    }
    const sqs = isRecord(target.SqsParameters) ? target.SqsParameters : {};
    platform.scheduler.put(
      {
        name: String(target.Id),
        group,
        expression: String(properties.ScheduleExpression),
        timezone: "UTC",
        enabled: properties.State !== "DISABLED",
        deleteAfterCompletion: false,
        target: {
          arn,
          input: optionalText(target.Input),
          messageGroupId: optionalText(sqs.MessageGroupId),
          ...policyOf(target),
        },
      },
      { isFromTemplate: true, afterFirst: true },
    );
  }
}
