import { defaultGroup, type Scheduler, type SchedulerState } from "../../scheduler/index.ts";
import { answer, apiError, notFound } from "../api-answer.ts";
import type { ForwardedAnswer } from "../endpoint/messages.ts";
import type { RestRequest } from "../rest-request.ts";
import { isOfRule, scheduleGroupArn } from "../schedule-arn.ts";
import { secondsOf } from "../schedule-fields.ts";
import { pageOf } from "./page.ts";

/** Groups of schedules: made, looked at, listed, and taken away with all that is in them. */
export function routeGroup(
  { method, parts: [, name = ""], query }: RestRequest,
  { scheduler, region }: { scheduler: Scheduler; region: string },
): ForwardedAnswer {
  const describe = ({ name: group, createdMs }: SchedulerState["groups"][number]) => ({
    Arn: scheduleGroupArn(group, region),
    Name: group,
    State: "ACTIVE",
    CreationDate: secondsOf(createdMs),
    LastModificationDate: secondsOf(createdMs),
  });
  const groups = scheduler.groups().filter((group) => !isOfRule({ group: group.name }));
  const found = groups.find((group) => group.name === name);
  if (name === "") {
    const prefix = query.get("NamePrefix") ?? "";
    const { page, NextToken } = pageOf(
      groups.filter((group) => group.name.startsWith(prefix)),
      query,
    );
    return answer(200, { ScheduleGroups: page.map(describe), NextToken });
  }
  if (method === "POST") {
    if (found !== undefined)
      return apiError(409, "ConflictException", `Schedule group ${name} already exists.`);
    if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(name)) {
      return apiError(400, "ValidationException", `${JSON.stringify(name)} is no name of a schedule group`);
    }
    scheduler.putGroup(name);
    return answer(200, { ScheduleGroupArn: scheduleGroupArn(name, region) });
  }
  if (found === undefined) return notFound(`Schedule group ${name} does not exist.`);
  if (method === "GET") return answer(200, describe(found));
  if (method !== "DELETE" || name === defaultGroup) {
    return apiError(400, "ValidationException", `${method} of the schedule group ${name} is not possible`);
  }
  scheduler.removeGroup(name);
  return answer(200, {});
}
