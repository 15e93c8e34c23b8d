import { describeError, SettingsError } from "../../../src/errors.ts";
import { defaultGroup, type KeptSchedule, type Scheduler } from "../../scheduler/index.ts";
import { answer, apiError, notFound } from "../api-answer.ts";
import type { ForwardedAnswer, ForwardedRequest } from "../endpoint/messages.ts";
import { type RestRequest, readRequest } from "../rest-request.ts";
import { isOfRule, scheduleArn } from "../schedule-arn.ts";
import { fieldsOf, scheduleOf, secondsOf } from "../schedule-fields.ts";
import { describeTarget, isScheduleTarget } from "../schedule-targets.ts";
import { routeGroup } from "./groups.ts";
import { pageOf } from "./page.ts";

/** What Scheduler's API stands on. */
export interface SchedulerApi {
  readonly scheduler: Scheduler;
  readonly region: string;
  /** The token that each schedule was made with: the same request may come twice. (API_CreateSchedule) */
  readonly tokens: Map<string, unknown>;
}

/** Answers a request to EventBridge Scheduler's REST API. Never rejects. */
export async function answerScheduler(
  request: ForwardedRequest,
  api: SchedulerApi,
): Promise<ForwardedAnswer> {
  try {
    return route(readRequest(request), api);
  } catch (thrown) {
    const { message } = describeError(thrown);
    const isTheirs = thrown instanceof SettingsError || thrown instanceof SyntaxError;
    return isTheirs
      ? apiError(400, "ValidationException", message)
      : apiError(500, "InternalServerException", message);
  }
}

function route(request: RestRequest, api: SchedulerApi): ForwardedAnswer {
  const { method, parts, query, fields } = request;
  const [collection, name = ""] = parts;
  if (collection === "schedule-groups") return routeGroup(request, api);
  if (collection !== "schedules") return unknownOperation(request);
  if (name === "") return method === "GET" ? listSchedules(query, api) : unknownOperation(request);
  const group = query.get("groupName") ?? (fields.GroupName as string | undefined) ?? defaultGroup;
  const kept = api.scheduler.get(group, name);
  switch (method) {
    case "POST":
      return create(name, fields, kept, api);
    case "PUT":
      return kept === undefined ? missing(name) : put(name, fields, api);
    case "GET":
      return kept === undefined
        ? missing(name)
        : answer(200, fieldsOf(kept, scheduleArn(kept.schedule, api.region)));
    case "DELETE":
      return api.scheduler.remove(group, name) ? answer(200, {}) : missing(name);
    default:
      return unknownOperation(request);
  }
}

function create(
  name: string,
  fields: RestRequest["fields"],
  kept: KeptSchedule | undefined,
  api: SchedulerApi,
): ForwardedAnswer {
  const { ClientToken: token, GroupName = defaultGroup } = fields;
  const key = `${String(GroupName)}/${name}`;
  if (kept !== undefined) {
    if (token !== undefined && api.tokens.get(key) === token) {
      return answer(200, { ScheduleArn: scheduleArn(kept.schedule, api.region) });
    }
    return apiError(409, "ConflictException", `Schedule ${name} already exists.`);
  }
  const made = put(name, fields, api);
  if (made.status === 200) api.tokens.set(key, token);
  return made;
}

function put(
  name: string,
  fields: RestRequest["fields"],
  { scheduler, region }: SchedulerApi,
): ForwardedAnswer {
  const schedule = scheduleOf(name, fields);
  if (!isScheduleTarget(schedule.target.arn)) {
    throw new SettingsError("schedule", describeTarget(schedule.target.arn));
  }
  if (!scheduler.groups().some((group) => group.name === schedule.group)) {
    return notFound(`Schedule group ${schedule.group} does not exist.`);
  }
  scheduler.put(schedule);
  return answer(200, { ScheduleArn: scheduleArn(schedule, region) });
}

function listSchedules(query: URLSearchParams, { scheduler, region }: SchedulerApi): ForwardedAnswer {
  const [group, prefix, state] = ["ScheduleGroup", "NamePrefix", "State"].map((name) => query.get(name));
  const found = scheduler
    .list()
    .map((kept) => ({ kept, fields: fieldsOf(kept, scheduleArn(kept.schedule, region)) }))
    .filter(
      ({ kept: { schedule }, fields }) =>
        !isOfRule(schedule) &&
        (!group || schedule.group === group) &&
        schedule.name.startsWith(prefix ?? "") &&
        (!state || fields.State === state),
    )
    .map(({ kept: { schedule, createdMs, modifiedMs }, fields }) => ({
      ...{ Arn: fields.Arn, Name: schedule.name, GroupName: schedule.group, State: fields.State },
      ...{ CreationDate: secondsOf(createdMs), LastModificationDate: secondsOf(modifiedMs) },
      Target: { Arn: schedule.target.arn },
    }));
  const { page, NextToken } = pageOf(found, query);
  return answer(200, { Schedules: page, NextToken });
}

function missing(name: string): ForwardedAnswer {
  return notFound(`Schedule ${name} does not exist.`);
}

function unknownOperation({ method, parts }: RestRequest): ForwardedAnswer {
  return apiError(
    501,
    "NotImplementedException",
    `${method} /${parts.join("/")} is not part of the local cloud's Scheduler API`,
  );
}
